import { ExitStatus } from './exit-status.js';

/** Ends the command with one line on stderr and an exit status. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** The exit status of the command. */
  readonly status: ExitStatus;
  /** What the command prints besides, on stdout: the same as JSON, where that was asked for. */
  readonly output: string | undefined;

  /** @param message - one line, without `rseqlab:` in front */
  constructor(
    message: string,
    status: ExitStatus = ExitStatus.BadUse,
    { output, ...options }: ErrorOptions & { readonly output?: string | undefined } = {},
  ) {
    super(message, options);
    this.status = status;
    this.output = output;
  }
}
