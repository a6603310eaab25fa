import type { TraceClass } from '../metadata/trace-class.js';
import type { PacketInfo } from '../packet/packet-info.js';
import { uuidText } from '../packet/packet-reader.js';
import type { Report } from './trace-rules.js';

/** Whether the packets of a stream belong to the trace and follow each other. */
export class PacketOrderCheck {
  readonly #trace: TraceClass;
  readonly #report: Report;
  #last: PacketInfo | undefined;
  #lastHash = 0;

  constructor(trace: TraceClass, report: Report) {
    this.#trace = trace;
    this.#report = report;
  }

  /** Takes the next packet of the stream. */
  take(packet: PacketInfo, content: Uint8Array): void {
    this.#checkUuid(packet);
    this.#checkTimes(packet);
    this.#checkSequence(packet, content);
    this.#checkDiscarded(packet);
    this.#last = packet;
  }

  #checkUuid({ header }: PacketInfo): void {
    const uuid = header['uuid'];
    if (!Array.isArray(uuid) || this.#trace.uuid === undefined) return;
    const found = uuidText(uuid as readonly number[]);
    if (found !== this.#trace.uuid)
      this.#report(
        'uuid',
        `expected a packet of the trace ${this.#trace.uuid}, got one of ${found}`,
      );
  }

  #checkTimes({ timestampBegin: begin, timestampEnd: end }: PacketInfo): void {
    if (begin === undefined) return;
    if (end !== undefined && end < begin)
      this.#report('packet-time', `expected a packet to end at ${begin} or later, got ${end}`);
    const before = this.#last?.timestampEnd;
    if (before !== undefined && begin < before)
      this.#report(
        'packet-overlap',
        `expected a packet from ${before} on, where the one before ends, got one from ${begin}`,
      );
  }

  #checkSequence(packet: PacketInfo, content: Uint8Array): void {
    const { sequence } = packet;
    const last = this.#last;
    if (sequence === undefined) {
      const hash = hashOf(content);
      if (last !== undefined && hash === this.#lastHash && last.contentBits === packet.contentBits)
        this.#report('duplicate-packet', 'expected another packet, got the one before again');
      this.#lastHash = hash;
      return;
    }
    if (last?.sequence === undefined) {
      if (sequence !== 0n)
        this.#report(
          'sequence-start',
          `expected the first packet to have the sequence number 0, got ${sequence}`,
        );
      return;
    }
    const expected = last.sequence + 1n;
    if (sequence === expected) return;
    const message = `expected the sequence number ${expected}, got ${sequence}`;
    if (sequence === last.sequence) this.#report('duplicate-packet', message);
    else if (sequence < last.sequence) this.#report('sequence-back', message);
    else this.#report('sequence-gap', `${message}: ${sequence - expected} packets are missing`);
  }

  #checkDiscarded({ eventsDiscarded, stream }: PacketInfo): void {
    if (eventsDiscarded === undefined) return;
    const before = this.#last?.eventsDiscarded ?? 0n;
    const bits = bitsOf(stream.packetContext, 'events_discarded');
    const more = BigInt.asUintN(bits, eventsDiscarded - before);
    // The counter may wrap; what would be half its range forward is backward.
    if (more >= 1n << BigInt(bits - 1))
      this.#report(
        'discarded-back',
        `expected at least ${before} discarded events, as the packet before says, got ${eventsDiscarded}`,
      );
    else if (more > 0n)
      this.#report('discarded-events', `expected no event to be lost, got ${more} discarded`);
  }
}

function bitsOf(type: PacketInfo['stream']['packetContext'], name: string): number {
  const field = type?.fields.find((each) => each.name === name)?.type;
  return field?.kind === 'integer' ? field.sizeBits : 64;
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < bytes.length; n++) hash = Math.imul(hash ^ bytes[n]!, 0x01000193);
  return hash;
}
