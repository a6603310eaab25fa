/**
 * What a caller of the TypeScript API did wrong, as a stable literal.
 *
 * What a simulated program does wrong is never one of these: that is a negative errno, a signal
 * or a finding.
 */
export type MachineErrorCode =
  | 'ERR_CONFIG'
  | 'ERR_ASSEMBLY'
  | 'ERR_SECTION'
  | 'ERR_DECISION'
  | 'ERR_PROGRAM'
  | 'ERR_TOKEN'
  | 'ERR_CAPACITY'
  | 'ERR_STATE'
  | 'ERR_ADDRESS';

/** Misuse of the machine's TypeScript API; the message says what was expected and what came. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
  /** Stable, machine-readable reason. */
  readonly code: MachineErrorCode;

  constructor(code: MachineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
