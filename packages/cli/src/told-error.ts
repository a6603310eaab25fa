import type { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';

/** Says why a command, or a part of one, was refused; returns the exit status. */
export function tellError(
  { message, output, status }: CommandError,
  io: Pick<CommandIo, 'out' | 'err'>,
): number {
  if (output !== undefined) io.out(output);
  io.err(`rseqlab: ${message}\n`);
  return status;
}
