import { STRATEGIES, findingReport, plural } from '@rseqlab/explorer';
import type { CheckOptions, CheckResult } from '@rseqlab/explorer';
import { ExitStatus } from '../exit-status.js';
import { terminalPaint } from '../terminal-paint.js';
import { explainRun, explainedData, shrunkText } from './explained-run.js';
import type { ExplainedRun } from './explained-run.js';
import type { CheckJob, JobResult } from './job.js';
import { jsonText } from './json-text.js';
import type { ScenarioFile } from './scenario-file.js';
import { SEARCHED, nameRun } from './scenario-identity.js';
import type { NamedRun, ScenarioIdentity } from './scenario-identity.js';

const STATUS = {
  holds: ExitStatus.Holds,
  fails: ExitStatus.Finding,
  unknown: ExitStatus.Bound,
} as const;

/** What of a job is about the search. */
const SEARCH_OPTIONS = [
  'search',
  'kernelEvents',
  'preemptions',
  'delays',
  'executions',
  'decisions',
  'seed',
  'depth',
  'fingerprint',
  'reduce',
  'symmetry',
  'deepen',
] as const satisfies readonly (keyof CheckJob & keyof CheckOptions)[];

/** Says what a check came to, and shows what was found. */
export function concludeCheck(
  loaded: ScenarioFile,
  job: CheckJob,
  identity: ScenarioIdentity,
  result: CheckResult,
): JobResult {
  const run = failingRun(loaded, identity, result, job);
  const given = givenUp(loaded, identity, result, job);
  const output = job.json
    ? resultJson(result, run, given, job)
    : resultText(loaded, result, run, identity, job) + toSee(result, given);
  return { status: STATUS[result.outcome], output };
}

/** The run that fails, with what explains it. */
function failingRun(
  loaded: ScenarioFile,
  identity: ScenarioIdentity,
  { outcome, decisions, finding }: CheckResult,
  job: CheckJob,
): ExplainedRun | undefined {
  if (decisions === undefined || outcome !== 'fails') return undefined;
  const shrinks = job.shrink ?? !STRATEGIES[job.search ?? 'graphs'].isExhaustive;
  return explainRun(loaded, identity, { ...SEARCHED, decisions, finding }, job, shrinks);
}

/** The run that was given up for its length: too long to be explained, it can be replayed. */
function givenUp(
  loaded: ScenarioFile,
  identity: ScenarioIdentity,
  { outcome, decisions }: CheckResult,
  job: CheckJob,
): NamedRun | undefined {
  if (decisions === undefined || outcome !== 'unknown') return undefined;
  return nameRun(loaded, identity, { ...SEARCHED, decisions }, job);
}

/** What of a job is about the search: what is not there is left to its default. */
export function searchOptions(job: CheckJob): CheckOptions {
  return Object.fromEntries(
    SEARCH_OPTIONS.flatMap((name) => (job[name] === undefined ? [] : [[name, job[name]]])),
  );
}

function resultJson(
  result: CheckResult,
  run: ExplainedRun | undefined,
  given: NamedRun | undefined,
  { file, isOneOfSeveral = false }: CheckJob,
): string {
  const { outcome, classes, executions, blocked, kernelEvents, states, reason, finding } = result;
  return jsonText({
    ...(isOneOfSeveral && { file }),
    outcome,
    classes,
    executions,
    blocked,
    kernelEvents: run?.shrunk?.cost.kernelEvents ?? kernelEvents,
    states,
    reason,
    ...(run === undefined ? { finding, token: given?.token } : explainedData(run)),
  });
}

function resultText(
  { scenario }: ScenarioFile,
  result: CheckResult,
  run: ExplainedRun | undefined,
  { cpus, threads }: ScenarioIdentity,
  { isColored, file, isOneOfSeveral = false, search = 'graphs', deepen = false }: CheckJob,
): string {
  const paint = terminalPaint(isColored);
  const strategy = STRATEGIES[search];
  const machine = `${plural(cpus, 'CPU')}, ${plural(threads, 'thread')}`;
  const executions = plural(result.executions, 'execution');
  const states = plural(result.states, 'state');
  const counts = paint.dim(strategy.isExhaustive ? `${executions}, ${states}` : executions);
  const counted = strategy.counts === 'classes' ? plural(result.classes, 'class') : states;
  const blocked =
    result.blocked === 0
      ? ''
      : `${plural(result.blocked, 'execution')} ended with threads that wait for ever\n`;
  const name = isOneOfSeveral ? `${file}: ${scenario.name}` : scenario.name;
  switch (result.outcome) {
    case 'holds':
      return `${name}: ${paint.good('holds')} in all ${counted} (${machine}, any number of kernel events)\n${blocked}${counts}\n`;
    case 'unknown':
      return `${name}: ${paint.event('unknown')}: nothing was found in ${counted} (${machine}) before ${result.reason ?? 'a bound'} was reached\n${blocked}${counts}\n`;
    case 'fails': {
      const isLeast = strategy.isExhaustive && result.kernelEvents > 0;
      const remark = isLeast ? 'none fails with fewer' : 'none of the sample fails with fewer';
      const least = isLeast || (deepen && result.kernelEvents > 0) ? remark : undefined;
      const { finding } = result;
      const report =
        run === undefined
          ? `${finding === undefined ? '' : `${paint.bad(finding.kind)}: ${finding.message}`}\n`
          : findingReport(run.trace, {
              paint,
              replay: run.run.command,
              ...((run.shrunk ?? least) && {
                remark: run.shrunk === undefined ? least! : shrunkText(run.shrunk),
              }),
            });
      const kernelEvents = plural(run?.trace.kernelEvents ?? 0, 'kernel event');
      const how = run === undefined ? '' : ` with ${kernelEvents}`;
      return `${name}: ${paint.bad('fails')}${how} (${machine})\n${counts}\n\n${report}`;
    }
  }
}

/** How to see the run for which an answer is unknown. */
function toSee({ finding }: CheckResult, given: NamedRun | undefined): string {
  if (given === undefined) return '';
  return `\n${finding?.message ?? ''}\nTo see it: ${given.command}\n`;
}
