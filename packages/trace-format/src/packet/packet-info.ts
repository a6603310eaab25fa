import type { StreamClass } from '../metadata/trace-class.js';
import type { StructureValue } from '../fields/field-value.js';

/** What a packet says of itself, before its events. @source CTF 1.8, 5 */
export interface PacketInfo {
  readonly stream: StreamClass;
  /** All fields of the packet header and context, as they are. */
  readonly header: StructureValue;
  readonly context: StructureValue;
  /** Bits that mean something, and all bits; both from the packet's first. */
  readonly contentBits: number;
  readonly packetBits: number;
  /** Bits of header and context: where the first event begins. */
  readonly eventsAt: number;
  /** Times in cycles of the first and the last event, or around them; where the packet has them. */
  readonly timestampBegin: bigint | undefined;
  readonly timestampEnd: bigint | undefined;
  /** Counts packets of a stream. */
  readonly sequence: bigint | undefined;
  /** Counts events that a stream has lost, since its beginning. */
  readonly eventsDiscarded: bigint | undefined;
  /** CPU that the packet's buffer belongs to. */
  readonly cpuId: number | undefined;
  /** Which of the streams of its kind the packet belongs to. */
  readonly streamInstance: bigint | undefined;
}
