import type { FieldType } from '../fields/field-type.js';
import type { StreamClass } from '../metadata/trace-class.js';
import type { PacketInfo } from '../packet/packet-info.js';
import type { TraceEvent } from '../packet/trace-event.js';
import type { Report } from './trace-rules.js';

/** Whether times of events are in order, in their packets, and told with enough bits. */
export class EventTimeCheck {
  readonly #report: Report;
  readonly #ranges = new Map<StreamClass, bigint | undefined>();
  #packet: PacketInfo | undefined;
  #lastHigh = 0;
  #lastLow = 0;
  #endHigh = Infinity;
  #endLow = 0;
  #isOrdered = true;
  #isInside = true;
  #hasEvents = false;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Begins with a packet. */
  begin(packet: PacketInfo): void {
    const { timestampBegin, timestampEnd } = packet;
    this.#packet = packet;
    this.#lastHigh = timestampBegin === undefined ? 0 : Number(timestampBegin >> 32n);
    this.#lastLow = Number((timestampBegin ?? 0n) & 0xffffffffn);
    this.#endHigh = timestampEnd === undefined ? Infinity : Number(timestampEnd >> 32n);
    this.#endLow = Number((timestampEnd ?? 0n) & 0xffffffffn);
    this.#isOrdered = true;
    this.#isInside = true;
    this.#hasEvents = false;
  }

  /** Takes the next event; each rule is reported once for a packet. */
  take(event: TraceEvent): void {
    const { cyclesHigh: high, cyclesLow: low } = event;
    const isBack = high < this.#lastHigh || (high === this.#lastHigh && low < this.#lastLow);
    const isPast = high > this.#endHigh || (high === this.#endHigh && low > this.#endLow);
    if (isBack && this.#isOrdered) {
      this.#isOrdered = false;
      if (this.#hasEvents)
        this.#report('event-time-back', `${late(event)} behind one at ${this.#last()}`);
    }
    const { timestampBegin, timestampEnd } = this.#packet!;
    const isEarly = isBack && timestampBegin !== undefined && event.cycles < timestampBegin;
    if ((isPast || isEarly) && this.#isInside) {
      this.#isInside = false;
      const span = `${timestampBegin ?? '...'} to ${timestampEnd ?? '...'}`;
      this.#report('event-outside-packet', `${late(event)} in a packet from ${span}`);
    }
    this.#lastHigh = high;
    this.#lastLow = low;
    this.#hasEvents = true;
  }

  /**
   * Ends the packet.
   *
   * A short time that wrapped twice is read as if it had once, and so are all behind it: the packet then ends
   * a multiple of the range later than its last event. That an end which has nothing to do with the last event
   * falls on one by chance is as likely as one in the range.
   */
  end(): void {
    const end = this.#packet!.timestampEnd;
    const range = this.#rangeOf(this.#packet!.stream);
    if (!this.#hasEvents || end === undefined || range === undefined) return;
    const gap = end - this.#last();
    if (gap > 0n && gap % range === 0n)
      this.#report(
        'time-wrap',
        `expected the last event at ${end}, where the packet ends, got it ${gap} before, a multiple of the ` +
          `${range} that short times can tell`,
      );
  }

  #last(): bigint {
    return (BigInt(this.#lastHigh) << 32n) | BigInt(this.#lastLow);
  }

  #rangeOf(stream: StreamClass): bigint | undefined {
    if (!this.#ranges.has(stream)) {
      const bits = stream.eventHeader && fewestTimeBits(stream.eventHeader);
      this.#ranges.set(stream, bits === undefined || bits > 63 ? undefined : 1n << BigInt(bits));
    }
    return this.#ranges.get(stream);
  }
}

function late(event: TraceEvent): string {
  return `expected times to go on within their packet, got ${event.type.name} at ${event.cycles}`;
}

/** Bits of the shortest time in a header. */
function fewestTimeBits(type: FieldType): number | undefined {
  if (type.kind === 'integer') return type.clock === undefined ? undefined : type.sizeBits;
  const inner =
    type.kind === 'structure' ? type.fields : type.kind === 'variant' ? type.options : undefined;
  const bits = (inner ?? []).map((field) => fewestTimeBits(field.type) ?? Infinity);
  const fewest = Math.min(Infinity, ...bits);
  return fewest === Infinity ? undefined : fewest;
}
