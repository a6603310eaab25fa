/** What a caller of the explorer did wrong, as a stable literal. */
export type ExplorerErrorCode = 'ERR_SCENARIO' | 'ERR_OPTION' | 'ERR_PLAN';

/** Misuse of the explorer; the message says what was expected and what came. */
export class ExplorerError extends Error {
  override readonly name = 'ExplorerError';
  /** Stable, machine-readable reason. */
  readonly code: ExplorerErrorCode;

  constructor(code: ExplorerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
