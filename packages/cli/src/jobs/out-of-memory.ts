import { CommandError } from '../command-error.js';
import { ExitStatus } from '../exit-status.js';

/** Says that a search needs more memory than a worker may have. */
export function outOfMemoryError(): CommandError {
  return new CommandError(
    'expected the search to fit into memory, got more states than that: bound it with --executions or --kernel-events',
    ExitStatus.Bound,
  );
}
