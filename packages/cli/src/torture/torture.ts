import { setImmediate } from 'node:timers/promises';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { AGES, OLDEST_RIGHT, tortureRun } from './torture-run.js';
import type { TortureFlavour } from './torture-flavours.js';

/** How long a flavour is tortured, and with what. */
export interface TortureOptions {
  /** Seed of the first execution; each next one has the next seed. */
  readonly seed: number;
  readonly memory: MemoryModelName;
  /** Most executions. */
  readonly executions: number;
  /** Most time, in milliseconds; Infinity for as long as the executions take. */
  readonly timeMs: number;
  nowMs(): number;
  /** Called after every execution; true ends the torture. */
  onExecution?(report: TortureReport): boolean;
}

/** What was wrong, and the seed of the execution in which it was. */
export interface TortureFailure {
  readonly kind: 'too-short' | 'stuck';
  readonly message: string;
  readonly seed: number;
}

/** What came of it. */
export interface TortureReport {
  executions: number;
  gracePeriods: number;
  /** How often a reader saw an element of each age; from 2 on, none should have. */
  readonly ages: number[];
  failure?: TortureFailure;
}

/** Executions between two looks at what else there is to do. */
const BATCH = 16;

/** Tortures a flavour until the first failure, or until the time or the executions are used up. */
export async function torture(
  make: TortureFlavour,
  options: TortureOptions,
): Promise<TortureReport> {
  const { seed, memory, executions, timeMs } = options;
  const ages = new Array<number>(AGES + 1).fill(0);
  const report: TortureReport = { executions: 0, gracePeriods: 0, ages };
  const endMs = options.nowMs() + timeMs;
  while (report.executions < executions && options.nowMs() < endMs) {
    const runSeed = (seed + report.executions) | 0;
    const run = tortureRun(make, runSeed, memory);
    report.executions += 1;
    report.gracePeriods += run.gracePeriods;
    for (const [age, count] of run.ages.entries()) ages[age]! += count;
    const failure = failureOf(run.ages, run.stuck, runSeed);
    if (failure !== undefined) {
      report.failure = failure;
      break;
    }
    if (options.onExecution?.(report) === true) break;
    if (report.executions % BATCH === 0) await setImmediate();
  }
  return report;
}

function failureOf(
  ages: readonly number[],
  stuck: string | undefined,
  seed: number,
): TortureFailure | undefined {
  const oldest = ages.reduce((last, count, age) => (count > 0 ? age : last), 0);
  if (oldest > OLDEST_RIGHT)
    return {
      kind: 'too-short',
      message:
        `expected readers to see no element that a grace period has passed for, got one ` +
        `${oldest - 1} grace period(s) too old`,
      seed,
    };
  if (stuck !== undefined)
    return { kind: 'stuck', message: `expected every thread to end, got ${stuck}`, seed };
  return undefined;
}
