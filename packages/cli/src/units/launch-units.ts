import { UnitLedger, placeUnits, plural } from '@rseqlab/explorer';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { Checkpoint } from './checkpoint.js';
import { WorkerLost } from './crew.js';
import type { Crew, CrewOptions } from './crew.js';
import { UnitLost, doUnits } from './do-units.js';
import { Interrupted, untilInterrupted } from './interruption.js';
import { UnitCounts } from './unit-counts.js';
import { subjectOfOrder } from './unit-order.js';
import type { UnitOrder } from './unit-order.js';
import { unitsProgress } from './units-progress.js';

/** How units are launched. */
export interface LaunchOptions extends CrewOptions {
  /** What is being done, for the progress. */
  readonly what: string;
  /** Keeps what is done in this file, and goes on from it. */
  readonly resume?: string;
}

/** How often progress is shown and results are kept, in milliseconds. */
const SHOW_MS = 200;

/**
 * Does the units of an order and prints what they come to.
 *
 * Interrupted, or when a unit is lost, it prints what is known so far.
 *
 * @returns the exit status
 * @throws CommandError when the order is refused; results that are there by then are kept
 */
export async function launchUnits(
  order: UnitOrder,
  options: LaunchOptions,
  io: CommandIo,
): Promise<number> {
  const crew = io.openCrew(order, options);
  try {
    const { identity, units } = await untilInterrupted(io, crew.plan());
    const ledger = new UnitLedger(placeUnits(units));
    const { resume } = options;
    const checkpoint =
      resume === undefined ? undefined : new Checkpoint(resume, io.folder, identity, ledger);
    const stopped = await doAll(crew, ledger, checkpoint, options, io);
    const status = await concludeUnits(crew, ledger, io);
    if (stopped === undefined) return status;
    const { done, known } = ledger;
    const kept =
      resume === undefined
        ? '--resume FILE would have kept them'
        : `the same command goes on from ${resume}`;
    io.err(`rseqlab: ${stopped.message} with ${done} of ${plural(known, 'unit')} done; ${kept}\n`);
    return stopped instanceof UnitLost ? ExitStatus.Lost : stopped.status;
  } catch (error) {
    throw error instanceof WorkerLost ? endedError(order, error) : error;
  } finally {
    await crew.close();
  }
}

/** Prints what the results in a ledger come to. Returns the exit status. */
async function concludeUnits(crew: Crew, ledger: UnitLedger, io: CommandIo): Promise<number> {
  const { done, known, isComplete } = ledger;
  const values = ledger.results().map(({ value }) => value);
  const conclusion = crew.conclude(values, { done, known, isComplete });
  const { output, complaints, status } = await untilInterrupted(io, conclusion);
  if (complaints !== undefined) io.err(complaints);
  io.out(output);
  return status;
}

/** Does all units; returns why they are not all done, if they are not. */
async function doAll(
  crew: Crew,
  ledger: UnitLedger,
  checkpoint: Checkpoint | undefined,
  { workers, what }: LaunchOptions,
  io: CommandIo,
): Promise<Interrupted | UnitLost | undefined> {
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
    if (error instanceof Interrupted || error instanceof UnitLost) return error;
    throw error;
  } finally {
    clearInterval(showing);
    units.stop();
    crew.drop();
    progress.stop();
    checkpoint?.save();
  }
}

function endedError(order: UnitOrder, { message }: WorkerLost): CommandError {
  const what = `expected the scenario not to end the process, got ${message}`;
  return new CommandError(`${subjectOfOrder(order).file ?? order.command}: ${what}`);
}
