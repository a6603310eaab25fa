import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';

/** Ctrl-C, or the request of another process to end. */
export class Interrupted extends CommandError {
  constructor() {
    super('interrupted', ExitStatus.Interrupted);
  }
}

/**
 * Waits for a result, but not longer than until the command is interrupted.
 *
 * @throws Interrupted
 */
export async function untilInterrupted<Result>(
  { onInterrupt }: Pick<CommandIo, 'onInterrupt'>,
  result: Promise<Result>,
): Promise<Result> {
  let ignore = (): void => undefined;
  try {
    return await new Promise((resolve, reject) => {
      ignore = onInterrupt(() => reject(new Interrupted()));
      result.then(resolve, reject);
    });
  } finally {
    ignore();
  }
}
