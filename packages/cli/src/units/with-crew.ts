import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { WorkerLost } from './crew.js';
import type { Crew, CrewOptions } from './crew.js';
import { subjectOfOrder } from './unit-order.js';
import type { UnitOrder } from './unit-order.js';

/**
 * Sets up a crew, does something with it, and sends it home.
 *
 * @throws CommandError when a worker dies over something that is not a unit
 */
export async function withCrew<Result>(
  order: UnitOrder,
  options: CrewOptions,
  io: Pick<CommandIo, 'openCrew'>,
  action: (crew: Crew) => Promise<Result>,
): Promise<Result> {
  const crew = io.openCrew(order, options);
  return whileOpen(order, [crew], () => action(crew));
}

/**
 * Sets up as many crews of one worker as there are to be workers, each of which knows what it did before, does
 * something with them, and sends them home.
 *
 * @throws CommandError when a worker dies
 */
export async function withTeam<Result>(
  order: UnitOrder,
  options: CrewOptions,
  io: Pick<CommandIo, 'openCrew'>,
  action: (team: readonly Crew[]) => Promise<Result>,
): Promise<Result> {
  const alone = { ...options, workers: 1 };
  const team = Array.from({ length: options.workers }, () => io.openCrew(order, alone));
  return whileOpen(order, team, () => action(team));
}

async function whileOpen<Result>(
  order: UnitOrder,
  crews: readonly Crew[],
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const what = `expected the scenario not to end the process, got ${error.message}`;
    throw new CommandError(`${subjectOfOrder(order).file ?? order.command}: ${what}`, undefined, {
      cause: error,
    });
  } finally {
    await Promise.all(crews.map((crew) => crew.close()));
  }
}
