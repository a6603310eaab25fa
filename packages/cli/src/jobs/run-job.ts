import {
  ScenarioRunner,
  findingData,
  findingReport,
  grouped,
  plural,
  recordRun,
} from '@rseqlab/explorer';
import { RandomDirector, TimedDirector } from '@rseqlab/sim-machine';
import type { Director } from '@rseqlab/sim-machine';
import { ExitStatus } from '../exit-status.js';
import { terminalPaint } from '../terminal-paint.js';
import type { Heartbeat } from './heartbeat.js';
import type { DirectorName, JobResult, RunJob } from './job.js';
import { jsonText } from './json-text.js';
import { machineOverrides } from './machine-overrides.js';
import { countEvents, runCounts } from './run-counts.js';
import type { EventCounts, RunCounts } from './run-counts.js';
import type { ScenarioFile } from './scenario-file.js';
import { identify, nameRun } from './scenario-identity.js';
import { showPath } from './source-position.js';
import { tracedRun } from './traced-run.js';
import { watchedScenario } from './watched-scenario.js';

const DIRECTORS: Readonly<Record<DirectorName, (seed: number) => Director>> = {
  timed: (seed) => new TimedDirector({ seed }),
  random: (seed) => new RandomDirector({ seed, granularity: 'instruction' }),
};

/** Events in the order in which they are told, with their nouns. */
const EVENTS: readonly (readonly [keyof EventCounts, string])[] = [
  ['switches', 'switch'],
  ['migrations', 'migration'],
  ['aborts', 'abort'],
  ['wakeups', 'wake-up'],
  ['syscalls', 'system call'],
  ['signals', 'signal'],
  ['faults', 'page fault'],
];

/** Rows of a schedule that are shown of a run, which may be long: the last ones. */
const SHOWN_ROWS = 100;

/** Runs a scenario once; prints counts and simulated times, and what was found. */
export function runJob(loaded: ScenarioFile, job: RunJob, heartbeat: Heartbeat): JobResult {
  const scenario = watchedScenario(loaded.scenario, heartbeat);
  const machine = machineOverrides(job);
  const director = DIRECTORS[job.director](job.seed);
  const identity = identify({ ...loaded, scenario }, machine, director);
  const runner = new ScenarioRunner(scenario, director, machine);
  const events = countEvents(runner.machine);
  const { result, findings } = tracedRun(runner.machine, scenario, job, () =>
    runner.run(director, { decisions: job.decisions }),
  );
  const counts = runCounts(runner.machine, scenario, result, events);
  const isBounded = result.outcome === 'limit';
  const heading = { scenario: scenario.name, director: job.director, seed: job.seed };
  if (findings.length === 0) {
    const outcome = isBounded ? 'unknown' : 'holds';
    const told = { outcome, ended: result.outcome, ...heading, ...counts } as const;
    return {
      status: isBounded ? ExitStatus.Bound : ExitStatus.Holds,
      output: job.json ? jsonText(told) : countsText(told, job.isColored),
    };
  }
  const { scheduling, granularity } = director;
  const recorded = { scheduling, granularity, decisions: runner.machine.decisions };
  const nameFile = (file: string): string => showPath(file, job.folder);
  const trace = recordRun(scenario, recorded, { machine, nameFile });
  const { token, command } = nameRun(loaded, identity, recorded, job);
  const told = { outcome: 'fails', ended: result.outcome, ...heading, ...counts } as const;
  const paint = terminalPaint(job.isColored);
  const report = (): string => findingReport(trace, { paint, replay: command, rows: SHOWN_ROWS });
  return {
    status: ExitStatus.Finding,
    output: job.json
      ? jsonText({ ...told, finding: findingData(trace), token })
      : `${countsText(told, job.isColored)}\n${report()}`,
  };
}

interface ToldRun extends RunCounts {
  readonly outcome: 'holds' | 'fails' | 'unknown';
  readonly ended: string;
  readonly scenario: string;
  readonly director: string;
  readonly seed: number;
}

function countsText(told: ToldRun, isColored: boolean): string {
  const paint = terminalPaint(isColored);
  const { scenario, outcome, cpus, events } = told;
  const verdict = {
    holds: paint.good('nothing was found'),
    fails: paint.bad('something was found'),
    unknown: paint.event(
      `nothing was found in ${plural(told.decisions, 'decision')}: bound reached`,
    ),
  }[outcome];
  const happened = EVENTS.filter(([name]) => events[name] > 0).map(([name, noun]) =>
    plural(events[name], noun),
  );
  return [
    `${scenario}: ${verdict} in one run (${told.director} director, seed ${told.seed})`,
    `  simulated time  ${rounded(told.cycles)} cycles, ${rounded(told.nanoseconds)} ns`,
    `  instructions    ${grouped(told.steps)}`,
    `  decisions       ${grouped(told.decisions)}`,
    ...cpus.map(
      ({ cpu, steps, cycles }) =>
        `  CPU ${String(cpu).padEnd(11)} ${grouped(steps)} instructions, ${rounded(cycles)} cycles`,
    ),
    `  events          ${happened.length === 0 ? 'none' : happened.join(', ')}`,
    '',
  ].join('\n');
}

const rounded = (count: number): string => grouped(Math.round(count));
