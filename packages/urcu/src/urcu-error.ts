/** What a caller of the RCU library did wrong, as a stable literal. */
export type UrcuErrorCode =
  | 'ERR_BARRIERS'
  | 'ERR_BUCKETS'
  | 'ERR_CALLBACK'
  | 'ERR_CAPACITY'
  | 'ERR_DOUBLE_CALL'
  | 'ERR_MEMBARRIER'
  | 'ERR_NESTING'
  | 'ERR_NO_READER'
  | 'ERR_OFFLINE'
  | 'ERR_ORPHAN'
  | 'ERR_READER'
  | 'ERR_REGION'
  | 'ERR_REGISTRATION'
  | 'ERR_TOKEN'
  | 'ERR_UNBALANCED';

/** Misuse of the RCU library; the message says what was expected and what came. */
export class UrcuError extends Error {
  override readonly name = 'UrcuError';
  /** Stable, machine-readable reason. */
  readonly code: UrcuErrorCode;

  constructor(code: UrcuErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
