import { PacketReader, checkTrace, memorySource, parseMetadata } from '@rseqlab/trace-format';
import type { MemorySink } from '../../src/consumer/trace-sink.js';

/** A packet of a trace. */
export interface ReadPacket {
  readonly file: string;
  readonly cpu: number;
  readonly sequence: number;
  readonly discarded: number;
  readonly bytes: number;
  /** Values of the field `value` of its events. */
  readonly values: readonly number[];
}

/** The packets of a trace, file by file. */
export function readPackets(sink: MemorySink): ReadPacket[] {
  const reader = new PacketReader(parseMetadata(sink.text));
  const found: ReadPacket[] = [];
  for (const [file, packets] of sink.packets)
    for (const bytes of packets) {
      const info = reader.open(bytes);
      found.push({
        file,
        cpu: info.cpuId!,
        sequence: Number(info.sequence),
        discarded: Number(info.eventsDiscarded),
        bytes: bytes.length,
        values: Array.from(reader.events(), ({ fields }) => fields!['value'] as number),
      });
    }
  return found;
}

/** Values of all events. */
export function valuesOf(sink: MemorySink): number[] {
  return readPackets(sink).flatMap(({ values }) => values);
}

/** What a strict check finds, by rule. */
export function findingsOf(sink: MemorySink): string[] {
  const sources = [...sink.packets].map(([name, packets]) =>
    memorySource(name, Buffer.concat(packets)),
  );
  const metadata = new TextEncoder().encode(sink.text);
  return [...checkTrace({ metadata, sources })].map(({ rule }) => rule);
}
