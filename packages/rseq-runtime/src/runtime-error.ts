/** What a caller of the rseq runtime did wrong, as a stable literal. */
export type RuntimeErrorCode =
  | 'ERR_COPY_LENGTH'
  | 'ERR_CPU_OP'
  | 'ERR_FALLBACK'
  | 'ERR_LABEL'
  | 'ERR_POOL'
  | 'ERR_PROFILE'
  | 'ERR_SLICE'
  | 'ERR_UNREGISTERED';

/** Misuse of the runtime's TypeScript API; the message says what was expected and what came. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  /** Stable, machine-readable reason. */
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
