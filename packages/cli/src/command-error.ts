import { ExitStatus } from './exit-status.js';

/** Ends the command with one line on stderr and an exit status. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** The exit status of the command. */
  readonly status: ExitStatus;

  /** @param message - one line, without `rseqlab:` in front */
  constructor(message: string, status: ExitStatus = ExitStatus.BadUse, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
