import { BitReader } from '../bits/bit-reader.js';
import type { StreamClass, TraceClass } from '../metadata/trace-class.js';
import { TraceFormatError } from '../trace-format-error.js';
import type { ScopeValues } from '../fields/scope.js';
import { ScopeReaders } from './scope-readers.js';

/** Finds out how long events are whose contexts and fields lie in memory as a trace has them, without headers. */
export class LaidOutReader {
  readonly #scopes: ScopeReaders;
  readonly #reader = new BitReader();

  /** @throws TraceFormatError `ERR_METADATA` for a length or tag that cannot be found */
  constructor(trace: TraceClass, stream: StreamClass) {
    this.#scopes = new ScopeReaders(trace, stream);
  }

  /**
   * Bytes of the contexts and fields of an event.
   *
   * @param id of the event in its stream
   * @param bytes its contexts and fields, and whatever lies behind
   * @throws TraceFormatError `ERR_EVENT` for an id that the stream does not have; `ERR_TRUNCATED` and others for
   *   bytes that are no such event
   */
  sizeBytes(id: bigint, bytes: Uint8Array): number {
    const event = this.#scopes.event(id);
    if (event === undefined)
      throw new TraceFormatError('ERR_EVENT', `expected an event of the stream, got the id ${id}`);
    const reader = this.#reader;
    reader.reset(bytes);
    const values: ScopeValues = {
      roots: {},
      open: [],
      elementsLeft: reader.limit,
      time: undefined,
    };
    const streamContext = this.#scopes.eventContext?.(reader, values);
    if (streamContext !== undefined) values.roots['stream.event.context'] = streamContext;
    const context = event.context?.(reader, values);
    if (context !== undefined) values.roots['event.context'] = context;
    event.fields?.(reader, values);
    return Math.ceil(reader.position / 8);
  }
}
