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
  try {
    return await action(crew);
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const what = `expected the scenario not to end the process, got ${error.message}`;
    throw new CommandError(`${subjectOfOrder(order).file ?? order.command}: ${what}`, undefined, {
      cause: error,
    });
  } finally {
    await crew.close();
  }
}
