import { setImmediate } from 'node:timers/promises';
import { encodeToken } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { tortureRun } from './torture-run.js';
import type { TortureProgram, TortureRun } from './torture-run.js';
import { OLDEST_RIGHT, TortureTally } from './torture-tally.js';
import { tortureIdentity } from './torture-identity.js';

/** How long is tortured, and with what. */
export interface TortureOptions {
  /** How the program is called, in tokens. */
  readonly name: string;
  /** Seed of the first execution; each next one has the next seed. */
  readonly seed: number;
  readonly memory: MemoryModelName;
  /** Most executions. */
  readonly executions: number;
  /** Most time, in milliseconds; default as long as the executions take. */
  readonly timeMs?: number;
  /** Decisions of the first execution, instead of those that are drawn. */
  readonly script?: Uint32Array;
  nowMs(): number;
  /** Called after every execution; true ends the torture. */
  onExecution?(report: TortureReport): boolean;
}

/** What was wrong, and the seed of the execution in which it was. */
export interface TortureFailure {
  readonly kind: 'too-short' | 'stuck' | 'wrong';
  readonly message: string;
  readonly seed: number;
  /** Makes the execution again. */
  readonly token: string;
}

/** What came of it. */
export interface TortureReport {
  executions: number;
  /** How many different schedules there were. */
  schedules: number;
  decisions: number;
  readonly tally: TortureTally;
  failure?: TortureFailure;
}

/** Executions between two looks at what else there is to do. */
const BATCH = 16;

/** Runs a program until the first failure, or until the time or the executions are used up. */
export async function torture(
  program: TortureProgram,
  options: TortureOptions,
): Promise<TortureReport> {
  const { name, seed, memory, executions, timeMs = Infinity } = options;
  const tally = new TortureTally();
  const report: TortureReport = { executions: 0, schedules: 0, decisions: 0, tally };
  const schedules = new Set<number>();
  const endMs = options.nowMs() + timeMs;
  while (report.executions < executions && options.nowMs() < endMs) {
    const runSeed = (seed + report.executions) | 0;
    const script = report.executions === 0 ? options.script : undefined;
    const run = tortureRun(program, runSeed, memory, script);
    report.executions += 1;
    report.decisions += run.decisions;
    report.schedules = schedules.add(run.schedule).size;
    tally.add(run.tally);
    const wrong = wrongIn(run);
    if (wrong !== undefined) {
      const scenario = tortureIdentity({ name, memory, seed: runSeed });
      report.failure = {
        ...wrong,
        seed: runSeed,
        token: encodeToken({ scenario, ...run.record() }),
      };
      break;
    }
    if (options.onExecution?.(report) === true) break;
    if (report.executions % BATCH === 0) await setImmediate();
  }
  return report;
}

/** What is wrong in an execution: what readers saw first, since the rest may follow from it. */
function wrongIn({
  tally,
  stuck,
}: TortureRun): Pick<TortureFailure, 'kind' | 'message'> | undefined {
  const { oldest, wrong } = tally;
  if (oldest > OLDEST_RIGHT) {
    const message =
      `expected readers to see no element that a grace period has passed for, got one ` +
      `${oldest - OLDEST_RIGHT} grace period(s) too old`;
    return { kind: 'too-short', message };
  }
  if (wrong !== undefined) return { kind: 'wrong', message: wrong };
  if (stuck === undefined) return undefined;
  return { kind: 'stuck', message: `expected every thread to end, got ${stuck}` };
}
