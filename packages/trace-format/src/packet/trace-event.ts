import type { EventClass } from '../metadata/trace-class.js';
import type { StructureValue } from '../fields/field-value.js';
import type { PacketInfo } from './packet-info.js';

/** An event as it was recorded. */
export class TraceEvent {
  readonly type: EventClass;
  readonly packet: PacketInfo;
  /** Lowest and highest 32 bits of {@link cycles}, unsigned: what costs nothing to compare. */
  readonly cyclesLow: number;
  readonly cyclesHigh: number;
  readonly header: StructureValue;
  /** Context of all events of the stream, and of this kind of event. */
  readonly streamContext: StructureValue | undefined;
  readonly context: StructureValue | undefined;
  readonly fields: StructureValue | undefined;

  /** @internal */
  constructor(
    type: EventClass,
    packet: PacketInfo,
    cyclesLow: number,
    cyclesHigh: number,
    header: StructureValue,
    streamContext: StructureValue | undefined,
    context: StructureValue | undefined,
    fields: StructureValue | undefined,
  ) {
    this.type = type;
    this.packet = packet;
    this.cyclesLow = cyclesLow;
    this.cyclesHigh = cyclesHigh;
    this.header = header;
    this.streamContext = streamContext;
    this.context = context;
    this.fields = fields;
  }

  /** Time in cycles of the stream's clock; 0 of a stream without one. */
  get cycles(): bigint {
    return (BigInt(this.cyclesHigh) << 32n) | BigInt(this.cyclesLow);
  }
}
