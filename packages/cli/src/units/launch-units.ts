import { UnitLedger, placeUnits } from '@rseqlab/explorer';
import type { Cutting } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import { Checkpoint } from './checkpoint.js';
import type { Crew } from './crew.js';
import { doLedger } from './do-ledger.js';
import { untilInterrupted } from './interruption.js';
import type { LaunchOptions } from './launch-options.js';
import { isDoneTogether, launchStates } from './launch-states.js';
import { writePlan } from './plan-file.js';
import type { PlannedJob } from './unit-job.js';
import type { UnitOrder } from './unit-order.js';
import { withCrew } from './with-crew.js';

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
  if (isDoneTogether(order, options)) return launchStates(order, options, io);
  return withCrew(order, options, io, async (crew) => {
    const { plan } = options;
    const planned = await untilInterrupted(io, crew.plan(cuttingOf(options)));
    if (plan === undefined) return doPlan(crew, planned, options, io);
    const { identity, units } = planned;
    writePlan(plan, io.folder, { identity, units, order });
    io.out(`${plan}: ${units.length} units\n`);
    return 0;
  });
}

/** Cutting costs something: a search that one worker makes in one go needs it for nothing. */
function cuttingOf({ plan, workers, resume }: LaunchOptions): Cutting {
  if (plan !== undefined) return 'ahead';
  return workers > 1 || resume !== undefined ? 'units' : 'whole';
}

async function doPlan(
  crew: Crew,
  { identity, units, budget }: PlannedJob,
  { workers, what, resume }: LaunchOptions,
  io: CommandIo,
): Promise<number> {
  const ledger = new UnitLedger(placeUnits(units), budget);
  const checkpoint =
    resume === undefined
      ? undefined
      : new Checkpoint(resume, io.folder, { identity, ledger, what: 'resume file' });
  if (ledger.done > 0) {
    const values = ledger.results().map(({ value }) => value);
    await untilInterrupted(io, crew.recall(values));
  }
  const stop = await doLedger({ crew, workers, ledger, checkpoint, what }, io);
  if (stop === undefined) return concludeUnits(crew, ledger, io);
  // Of units of which none is done nothing is known but how far they came.
  if (ledger.done > 0) await concludeUnits(crew, ledger, io);
  io.err(`rseqlab: ${stop.message}${goOnText(ledger, resume)}\n`);
  return stop.status;
}

/** Prints what the results in a ledger come to. Returns the exit status. */
export async function concludeUnits(
  crew: Crew,
  ledger: UnitLedger,
  io: CommandIo,
): Promise<number> {
  const { done, known, isComplete } = ledger;
  const values = ledger.results().map(({ value }) => value);
  const conclusion = crew.conclude(values, { done, known, isComplete });
  const { output, complaints, status } = await untilInterrupted(io, conclusion);
  if (complaints !== undefined) io.err(complaints);
  io.out(output);
  return status;
}

function goOnText({ known }: UnitLedger, resume: string | undefined): string {
  if (known === 1) return resume === undefined ? '' : '; this is one unit: nothing is kept';
  return resume === undefined
    ? '; --resume FILE would have kept them'
    : `; the same command goes on from ${resume}`;
}
