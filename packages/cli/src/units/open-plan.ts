import { requireIdentity } from '@rseqlab/explorer';
import type { OrderedPlan } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import { watchdogOf } from '../commands/watch.js';
import type { Crew } from './crew.js';
import { untilInterrupted } from './interruption.js';
import { naming, readPlan } from './plan-file.js';
import { isWatched } from './unit-order.js';
import type { UnitOrder } from './unit-order.js';
import { withCrew } from './with-crew.js';

/** What the result of a part is to the user. */
export const RESULT_FILE = 'result file';

/**
 * Opens a plan with a crew for its units, if it is of the files as they are here.
 *
 * @throws CommandError when the plan is damaged, or of something else
 */
export async function openPlan<Result>(
  file: string,
  { workers, json }: { readonly workers: number; readonly json: boolean },
  io: CommandIo,
  action: (crew: Crew, plan: OrderedPlan) => Promise<Result>,
): Promise<Result> {
  const plan = readPlan(file, io.folder);
  const { folder, isColored, isTerminal } = io;
  const order = { ...(plan.order as UnitOrder), folder, isColored, json, isTable: isTerminal };
  const watchdogMs = isWatched(order) ? watchdogOf(io) : Infinity;
  return withCrew(order, { workers, watchdogMs }, io, async (crew) => {
    const here = await untilInterrupted(io, crew.plan('ahead'));
    naming(file, () => requireIdentity(plan.identity, here.identity, 'plan file'));
    return action(crew, plan);
  });
}
