/** Where a trace goes: a folder on disk, memory, a connection. */
export interface TraceSink {
  /** Takes the metadata, whole; again whenever there is more of it. */
  metadata(text: string): void;
  /**
   * Takes the next packet of a stream.
   *
   * @param stream name of the stream, fit for a file
   * @param packet bytes, valid until this returns
   */
  packet(stream: string, packet: Uint8Array): void;
  /**
   * Drops all packets of a stream so far. What clears traces or keeps a fixed number of files needs it.
   *
   * @param stream name of a stream that has packets
   */
  discard?(stream: string): void;
}

/** Keeps a trace in memory. */
export class MemorySink implements TraceSink {
  /** The metadata, as it was last. */
  text = '';
  /** Packets by stream, in the order in which they came. */
  readonly packets: Map<string, Uint8Array[]> = new Map<string, Uint8Array[]>();

  metadata(text: string): void {
    this.text = text;
  }

  packet(stream: string, packet: Uint8Array): void {
    const packets = this.packets.get(stream) ?? [];
    packets.push(packet.slice());
    this.packets.set(stream, packets);
  }

  discard(stream: string): void {
    this.packets.delete(stream);
  }
}

/** Name of the stream of a CPU's ring in a channel. */
export function streamName(channel: string, cpu: number): string {
  return `${channel}_${cpu}`;
}
