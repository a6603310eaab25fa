/** What a caller of the per-CPU structures did wrong, as a stable literal. */
export type PerCpuErrorCode = 'ERR_CAPACITY';

/** Misuse of the per-CPU structures; the message says what was expected and what came. */
export class PerCpuError extends Error {
  override readonly name = 'PerCpuError';
  /** Stable, machine-readable reason. */
  readonly code: PerCpuErrorCode;

  constructor(code: PerCpuErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
