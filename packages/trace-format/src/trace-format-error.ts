/** What was wrong with a trace or with what should become one, as a stable literal. */
export type TraceFormatErrorCode =
  'ERR_METADATA' | 'ERR_PACKET' | 'ERR_TRUNCATED' | 'ERR_TYPE' | 'ERR_VALUE';

/** Where in its input something is wrong. */
export interface TracePosition {
  /** Line of metadata, from 1. */
  readonly line?: number;
  /** Column of metadata, from 1. */
  readonly column?: number;
  /** Bit of a data stream, from 0. */
  readonly bit?: number;
}

/** Something that is no trace, or cannot become one; the message says what was expected and what came. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError';
  /** Stable, machine-readable reason. */
  readonly code: TraceFormatErrorCode;
  /** Where it is wrong, as far as that is known. */
  readonly position: TracePosition;

  constructor(code: TraceFormatErrorCode, message: string, position: TracePosition = {}) {
    super(message);
    this.code = code;
    this.position = position;
  }
}
