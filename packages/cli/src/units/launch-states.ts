import { StateRounds } from '@rseqlab/explorer';
import type { SearchShape } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import type { CheckJob } from '../jobs/job.js';
import { outOfMemoryError } from '../jobs/out-of-memory.js';
import type { Crew } from './crew.js';
import { RoundsAtWork } from './do-rounds.js';
import { Interrupted, untilInterrupted } from './interruption.js';
import type { LaunchOptions } from './launch-options.js';
import { StateKeeper } from './state-keeper.js';
import type { UnitOrder } from './unit-order.js';
import { withTeam } from './with-crew.js';

/** Whether work is not done in units, but by all who do it together. */
export function isDoneTogether(
  order: UnitOrder,
  { workers, resume, plan }: LaunchOptions,
): order is CheckJob {
  if (plan !== undefined || (workers === 1 && resume === undefined)) return false;
  return order.command === 'check' && order.search === 'states';
}

/**
 * Searches states, several workers together, and prints what they come to.
 *
 * @returns the exit status
 * @throws CommandError when the order is refused, or a worker dies
 */
export async function launchStates(
  order: CheckJob,
  options: LaunchOptions,
  io: CommandIo,
): Promise<number> {
  return withTeam(order, options, io, async (team) => {
    try {
      return await searchStates(team, order, options, io);
    } catch (error) {
      throw isOutOfMemory(error) ? outOfMemoryError() : error;
    }
  });
}

async function searchStates(
  team: readonly Crew[],
  { reduce = false }: CheckJob,
  { what, resume }: LaunchOptions,
  io: CommandIo,
): Promise<number> {
  const first = team[0]!;
  const { identity, units, budget = Infinity } = await untilInterrupted(io, first.plan('rounds'));
  const shape = units[0]!.work as SearchShape;
  const keeper =
    resume === undefined ? undefined : new StateKeeper(resume, io, { identity, shape });
  const rounds = new StateRounds({
    shape,
    reduces: reduce,
    lanes: team.length,
    executions: budget,
    keeps: keeper !== undefined,
    ...(keeper?.states && { from: keeper.states }),
  });
  const work = new RoundsAtWork({ team, rounds, what, keeper }, io);
  try {
    const value = await untilInterrupted(io, work.finished);
    const all = { done: 1, known: 1, isComplete: true };
    const { output, status } = await untilInterrupted(io, first.conclude([value], all));
    io.out(output);
    return status;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await work.end();
    const goOn = keeper?.goOnText ?? '; --resume FILE would have kept what was done';
    io.err(`rseqlab: ${error.message}${work.soFarText()}${goOn}\n`);
    return error.status;
  } finally {
    work.stop();
  }
}

/** Whether there is no memory for what threads share; other defects of that class stay what they are. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|no room/.test(error.message);
}
