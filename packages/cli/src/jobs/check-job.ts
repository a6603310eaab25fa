import { STRATEGIES, findingData, findingReport, plural, recordRun } from '@rseqlab/explorer';
import type { CheckOptions, CheckResult, RunTrace } from '@rseqlab/explorer';
import { ExitStatus } from '../exit-status.js';
import { terminalPaint } from '../terminal-paint.js';
import type { CheckJob, JobResult } from './job.js';
import { jsonText } from './json-text.js';
import { machineOverrides } from './machine-overrides.js';
import type { ScenarioFile } from './scenario-file.js';
import { nameRun } from './scenario-identity.js';
import type { NamedRun, ScenarioIdentity } from './scenario-identity.js';
import { showPath } from './source-position.js';

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
  'deepen',
] as const satisfies readonly (keyof CheckJob & keyof CheckOptions)[];

/** How searches schedule, for the tokens of what they find. */
const SEARCHED = { scheduling: 'free', granularity: 'access' } as const;

interface Failure {
  readonly trace: RunTrace;
  readonly run: NamedRun;
}

/** Says what a check came to, and shows what was found. */
export function concludeCheck(
  loaded: ScenarioFile,
  job: CheckJob,
  identity: ScenarioIdentity,
  result: CheckResult,
): JobResult {
  const { scenario } = loaded;
  const machine = machineOverrides(job);
  let failure: Failure | undefined;
  if (result.decisions !== undefined) {
    const recorded = { ...SEARCHED, decisions: result.decisions };
    const nameFile = (file: string): string => showPath(file, job.folder);
    const trace = recordRun(scenario, recorded, { machine, nameFile, finding: result.finding });
    failure = { trace, run: nameRun(loaded, identity, recorded, job) };
  }
  const output = job.json
    ? resultJson(result, failure)
    : resultText(loaded, result, failure, identity, job);
  return { status: STATUS[result.outcome], output };
}

/** Options of the search; what a job does not say is left to its default. */
export function searchOptions(job: CheckJob): CheckOptions {
  return Object.fromEntries(
    SEARCH_OPTIONS.flatMap((name) => (job[name] === undefined ? [] : [[name, job[name]]])),
  );
}

function resultJson(result: CheckResult, failure: Failure | undefined): string {
  const { outcome, classes, executions, blocked, kernelEvents, states, reason } = result;
  return jsonText({
    outcome,
    classes,
    executions,
    blocked,
    kernelEvents,
    states,
    reason,
    finding: failure && findingData(failure.trace),
    token: failure?.run.token,
  });
}

function resultText(
  { scenario }: ScenarioFile,
  result: CheckResult,
  failure: Failure | undefined,
  { cpus, threads }: ScenarioIdentity,
  { isColored, search = 'graphs', deepen = false }: CheckJob,
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
  switch (result.outcome) {
    case 'holds':
      return `${scenario.name}: ${paint.good('holds')} in all ${counted} (${machine}, any number of kernel events)\n${blocked}${counts}\n`;
    case 'unknown':
      return `${scenario.name}: ${paint.event('unknown')}: nothing was found in ${counted} (${machine}) before ${result.reason ?? 'a bound'} was reached\n${blocked}${counts}\n`;
    case 'fails': {
      const isLeast = strategy.isExhaustive && result.kernelEvents > 0;
      const remark = isLeast ? 'none fails with fewer' : 'none of the sample fails with fewer';
      const report =
        failure &&
        findingReport(failure.trace, {
          paint,
          replay: failure.run.command,
          ...((isLeast || (deepen && result.kernelEvents > 0)) && { remark }),
        });
      return `${scenario.name}: ${paint.bad('fails')} with ${plural(result.kernelEvents, 'kernel event')} (${machine})\n${counts}\n\n${report ?? ''}`;
    }
  }
}
