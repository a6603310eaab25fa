import { plural } from '@rseqlab/explorer';
import type { UnitLedger } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import type { Checkpoint } from './checkpoint.js';
import type { Crew } from './crew.js';
import { UnitLost, doUnits } from './do-units.js';
import { Interrupted, untilInterrupted } from './interruption.js';
import { UnitCounts } from './unit-counts.js';
import { unitsProgress } from './units-progress.js';

/** Units to be done, and who does them. */
export interface UnitsToDo {
  readonly crew: Crew;
  readonly workers: number;
  readonly ledger: UnitLedger;
  /** Keeps what is done. */
  readonly checkpoint?: Checkpoint | undefined;
  /** What is being done, for the progress. */
  readonly what: string;
}

/** Why work stopped before its end. */
export interface Stop {
  readonly status: ExitStatus;
  /** Why it stopped, and how far it came. */
  readonly message: string;
}

/** How often progress is shown and results are kept, in milliseconds. */
const SHOW_MS = 200;

/**
 * Does the units of a ledger, until all are done that the result needs, one is lost, or the command
 * is interrupted.
 *
 * @returns why it stopped, if it did
 * @throws CommandError when a worker refuses; results that are there by then are kept
 */
export async function doLedger(
  { crew, workers, ledger, checkpoint, what }: UnitsToDo,
  io: CommandIo,
): Promise<Stop | undefined> {
  const counts = new UnitCounts(crew, workers, ledger.share, io.nowMs());
  const progress = io.startProgress(what);
  const showing = setInterval(() => {
    progress.update(unitsProgress(what, counts.soFar(ledger, io.nowMs())));
  }, SHOW_MS);
  const units = doUnits(crew, workers, ledger, (lane) => {
    counts.unitDone(lane);
    checkpoint?.saveIfDue(io.nowMs);
  });
  try {
    await untilInterrupted(io, units.finished);
    return undefined;
  } catch (error) {
    if (!(error instanceof Interrupted || error instanceof UnitLost)) throw error;
    const { executions } = counts.soFar(ledger, io.nowMs()).counts;
    const status = error instanceof UnitLost ? ExitStatus.Lost : error.status;
    return { status, message: stopText(error, executions, ledger) };
  } finally {
    clearInterval(showing);
    units.stop();
    crew.drop();
    progress.stop();
    checkpoint?.save();
  }
}

function stopText({ message }: Error, executions: number, { done, known }: UnitLedger): string {
  const after = executions === 0 ? '' : ` after ${plural(executions, 'execution')}`;
  return known === 1
    ? `${message}${after}`
    : `${message}${after} with ${done} of ${plural(known, 'unit')} done`;
}
