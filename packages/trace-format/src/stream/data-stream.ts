import type { StreamClass, TraceClass } from '../metadata/trace-class.js';
import type { PacketInfo } from '../packet/packet-info.js';
import type { PacketReaderOptions } from '../packet/packet-reader.js';
import type { ByteSource } from './byte-source.js';
import { StreamReader } from './stream-reader.js';

/** A stream and the files that its packets are in, the earliest first. */
export interface DataStream {
  /** Undefined where no packet of the file can be read. */
  readonly type: StreamClass | undefined;
  readonly instance: bigint | undefined;
  readonly sources: readonly ByteSource[];
}

/** The first packet of a file. */
interface Opened {
  readonly source: ByteSource;
  readonly packet: PacketInfo | undefined;
}

/**
 * Finds out which files are of the same stream: those of the same kind with the same instance number, as
 * a tracer leaves them that goes on in a new file when one is full.
 *
 * Files without an instance number, and those whose beginning cannot be read, are streams of their own; empty
 * files are none.
 */
export function dataStreams(
  trace: TraceClass,
  sources: readonly ByteSource[],
  options: PacketReaderOptions = {},
): DataStream[] {
  const groups = new Map<string, Opened[]>();
  for (const [n, source] of sources.entries()) {
    if (source.sizeBytes === 0) continue;
    const packet = firstPacket(trace, source, options);
    const instance = packet?.streamInstance;
    const key = instance === undefined ? `file ${n}` : `${packet!.stream.id} ${instance}`;
    groups.set(key, [...(groups.get(key) ?? []), { source, packet }]);
  }
  return [...groups.values()].map((files) => {
    files.sort((a, b) => sign((a.packet?.timestampBegin ?? 0n) - (b.packet?.timestampBegin ?? 0n)));
    const first = files[0]?.packet;
    return {
      type: first?.stream,
      instance: first?.streamInstance,
      sources: files.map(({ source }) => source),
    };
  });
}

/** The first packet of a file; what is wrong with it is told when it is read. */
function firstPacket(
  trace: TraceClass,
  source: ByteSource,
  options: PacketReaderOptions,
): PacketInfo | undefined {
  try {
    return new StreamReader(trace, source, options).nextPacket();
  } catch {
    return undefined;
  }
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
