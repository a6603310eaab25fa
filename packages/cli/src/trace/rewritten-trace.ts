import {
  PACKET_HEADER,
  TraceFormatError,
  clockOfStream,
  eventHeaderType,
  packetContextType,
} from '@rseqlab/trace-format';
import type { MergedTrace, StreamClass, TraceClass } from '@rseqlab/trace-format';
import { randomUUID } from 'node:crypto';
import { StreamRewriter } from './stream-rewriter.js';
import { TraceFolderWriter } from './trace-folder-writer.js';
import type { MetadataWriter } from './trace-folder-writer.js';

/** Name of the clock of streams without one: their times are 0. */
const NO_CLOCK = 'none';

/**
 * Writes a trace anew with the packet and event headers of this project, one packet for each, with the same
 * contexts and fields, in files of the same names.
 *
 * @returns how many events there were
 * @throws CommandError when the folder cannot be written to
 */
export function rewriteTrace(
  { trace, streams }: MergedTrace,
  folder: string,
  metadata: MetadataWriter,
  told: { readonly broken: (error: Error) => void },
): number {
  const target = rewrittenClass(trace);
  const writer = new TraceFolderWriter(folder, target, metadata);
  let events = 0;
  try {
    for (const [n, stream] of streams.entries())
      try {
        events += new StreamRewriter(stream, n, target, writer).rewrite(trace);
      } catch (error) {
        if (!(error instanceof TraceFormatError)) throw error;
        told.broken(error);
      }
    return events;
  } finally {
    writer.close();
  }
}

/** The same trace with the headers of this project; in little endian, as its fields say for themselves. */
function rewrittenClass(trace: TraceClass): TraceClass {
  const streams = [...trace.streams.values()].map((stream): StreamClass => {
    const clock = clockOfStream(trace, stream)?.name ?? NO_CLOCK;
    return {
      ...stream,
      packetContext: packetContextType(clock),
      eventHeader: eventHeaderType('large', clock),
    };
  });
  const none = { name: NO_CLOCK, frequencyHz: 1_000_000_000n, precisionCycles: 0n };
  const zero = { ...none, offsetSeconds: 0n, offsetCycles: 0n, isAbsolute: false };
  return {
    ...trace,
    major: 1,
    minor: 8,
    uuid: trace.uuid ?? randomUUID(),
    byteOrder: 'le',
    packetHeader: PACKET_HEADER,
    clocks: trace.clocks.size === 0 ? new Map([[NO_CLOCK, zero]]) : trace.clocks,
    streams: new Map(streams.map((stream) => [stream.id, stream])),
  };
}
