import type { PacketInfo } from '../packet/packet-info.js';

/** Counts what the packets of one stream say was lost between them. */
export class LossCounter {
  /** Events that found no room. */
  discardedEvents = 0n;
  /** Packets that were overwritten or left out: gaps in sequence numbers. */
  lostPackets = 0n;
  #last: PacketInfo | undefined;

  /** Takes the next packet of the stream. */
  take(packet: PacketInfo): void {
    const { eventsDiscarded, sequence } = packet;
    const discardedBefore = this.#last?.eventsDiscarded ?? 0n;
    if (eventsDiscarded !== undefined && eventsDiscarded > discardedBefore)
      this.discardedEvents += eventsDiscarded - discardedBefore;
    const sequenceBefore = this.#last?.sequence;
    if (sequence !== undefined && sequenceBefore !== undefined && sequence > sequenceBefore)
      this.lostPackets += sequence - sequenceBefore - 1n;
    this.#last = packet;
  }
}
