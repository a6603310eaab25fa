import type { TraceClass } from '../metadata/trace-class.js';
import { parseMetadata } from '../metadata/parse-metadata.js';
import type { ByteSource } from '../stream/byte-source.js';
import { dataStreams } from '../stream/data-stream.js';
import { TraceFormatError } from '../trace-format-error.js';
import { undefinedClocks } from './metadata-check.js';
import { missingPackets } from './missing-packets.js';
import { CHECKED, StreamChecker } from './stream-checker.js';
import type { TraceCounts } from './stream-checker.js';
import type { TraceFinding } from './trace-rules.js';

/** The files of a trace. */
export interface TraceFiles {
  readonly metadata: Uint8Array;
  readonly sources: readonly ByteSource[];
  /** Index files by the name of the file that they are of. */
  readonly indexes?: ReadonlyMap<string, Uint8Array>;
}

const NO_INDEXES: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * Finds what is wrong with a trace, as {@link TRACE_RULES} lists it: more than readers notice.
 *
 * Reads on behind what is wrong as far as one can; holds one packet in memory.
 *
 * @returns at the end, how much there was
 */
export function* checkTrace({
  metadata,
  sources,
  indexes = NO_INDEXES,
}: TraceFiles): Generator<TraceFinding, TraceCounts, undefined> {
  const counts: TraceCounts = { streams: 0, packets: 0, events: 0 };
  try {
    const trace: TraceClass = parseMetadata(metadata);
    for (const clock of undefinedClocks(trace))
      yield badMetadata(`expected a clock that is defined, got ${clock}`);
    for (const missing of missingPackets(sources, indexes))
      yield { rule: 'index', severity: 'error', ...missing };
    for (const stream of dataStreams(trace, sources, CHECKED)) {
      counts.streams += 1;
      yield* new StreamChecker(trace, counts).check(stream, indexes);
    }
  } catch (error) {
    if (!(error instanceof TraceFormatError) || error.code !== 'ERR_METADATA') throw error;
    yield badMetadata(error.message);
  }
  return counts;
}

function badMetadata(message: string): TraceFinding {
  return { rule: 'metadata', severity: 'error', message, file: 'metadata' };
}
