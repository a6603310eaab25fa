import type { ByteOrder, StructureType } from '../fields/field-type.js';

/** A clock that timestamps count cycles of. @source CTF 1.8, 8 */
export interface ClockClass {
  readonly name: string;
  readonly uuid?: string;
  readonly description?: string;
  /** Cycles a second. */
  readonly frequencyHz: bigint;
  /** Error of the offset in cycles. */
  readonly precisionCycles: bigint;
  /** When the clock was zero, from the epoch or whatever the origin is: seconds, and cycles beside. */
  readonly offsetSeconds: bigint;
  readonly offsetCycles: bigint;
  /** Whether the origin is the same for all clocks of all traces that say so. */
  readonly isAbsolute: boolean;
}

/** A kind of event of a stream. @source CTF 1.8, 6.2 */
export interface EventClass {
  /** As in event headers. */
  readonly id: bigint;
  readonly name: string;
  readonly logLevel?: number;
  readonly context?: StructureType;
  readonly fields?: StructureType;
}

/** A kind of stream: how its packets and the headers of its events look. @source CTF 1.8, 6.1 */
export interface StreamClass {
  /** As in packet headers; 0 where there is only one kind. */
  readonly id: bigint;
  readonly packetContext?: StructureType;
  readonly eventHeader?: StructureType;
  /** Of all events. */
  readonly eventContext?: StructureType;
  readonly events: ReadonlyMap<bigint, EventClass>;
}

/** What metadata says about a trace. */
export interface TraceClass {
  readonly major: number;
  readonly minor: number;
  readonly uuid?: string;
  readonly byteOrder: ByteOrder;
  readonly packetHeader?: StructureType;
  /** What the tracer tells of where it ran: host, domain, its own name. */
  readonly environment: ReadonlyMap<string, string | bigint>;
  readonly clocks: ReadonlyMap<string, ClockClass>;
  readonly streams: ReadonlyMap<bigint, StreamClass>;
}
