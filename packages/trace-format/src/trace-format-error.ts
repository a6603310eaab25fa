/**
 * What was wrong with a trace or with what should become one, as a stable literal.
 *
 * `ERR_METADATA` and `ERR_INDEX` are of those files; `ERR_MAGIC`, `ERR_UUID`, `ERR_STREAM` and `ERR_PACKET`
 * (its sizes) of the beginning of a packet; `ERR_EVENT` (its id) and `ERR_TAG` (of a variant) of an event;
 * `ERR_TRUNCATED` of whatever ends too early. `ERR_TYPE` and `ERR_VALUE` are the writer's.
 */
export type TraceFormatErrorCode =
  | 'ERR_EVENT'
  | 'ERR_INDEX'
  | 'ERR_MAGIC'
  | 'ERR_METADATA'
  | 'ERR_PACKET'
  | 'ERR_STREAM'
  | 'ERR_TAG'
  | 'ERR_TRUNCATED'
  | 'ERR_TYPE'
  | 'ERR_UUID'
  | 'ERR_VALUE';

/** Where in its input something is wrong. */
export interface TracePosition {
  /** Line of metadata, from 1. */
  readonly line?: number;
  /** Column of metadata, from 1. */
  readonly column?: number;
  /** Bit of the packet, from 0. */
  readonly bit?: number;
  /** Byte of the file that the packet begins at, from 0. */
  readonly packetByte?: number;
  /** Name of the data stream's file. */
  readonly file?: string;
}

/** Something that is no trace, or cannot become one; the message says what was expected and what came. */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError';
  /** Stable, machine-readable reason. */
  readonly code: TraceFormatErrorCode;
  /** Where it is wrong, as far as that is known. */
  readonly position: TracePosition;

  constructor(
    code: TraceFormatErrorCode,
    message: string,
    position: TracePosition = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.position = position;
  }
}
