/** What a caller of the tracer did wrong, as a stable literal. */
export type TracerErrorCode =
  | 'ERR_ACTIVE'
  | 'ERR_CHANNEL'
  | 'ERR_DESTROYED'
  | 'ERR_EVENT'
  | 'ERR_FIELD'
  | 'ERR_FILTER'
  | 'ERR_IMAGE'
  | 'ERR_INACTIVE'
  | 'ERR_OUTPUT'
  | 'ERR_PROCESS'
  | 'ERR_RULE'
  | 'ERR_VALUE';

/** Misuse of the tracer; the message says what was expected and what came. */
export class TracerError extends Error {
  override readonly name = 'TracerError';
  /** Stable, machine-readable reason. */
  readonly code: TracerErrorCode;

  constructor(code: TracerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
