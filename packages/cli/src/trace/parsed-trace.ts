import {
  TraceFormatError,
  dataStreams,
  missingPackets,
  parseMetadata,
} from '@rseqlab/trace-format';
import type { MergedTrace } from '@rseqlab/trace-format';
import { CommandError } from '../command-error.js';
import type { OpenTrace } from './trace-folder.js';
import { METADATA_FILE } from './trace-folder.js';

/** A trace with its streams. @throws CommandError for metadata that cannot be read */
export function parsedTrace({ folder, metadata, sources }: OpenTrace): MergedTrace {
  try {
    const trace = parseMetadata(metadata);
    return { trace, streams: dataStreams(trace, sources) };
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    const message = `${folder}/${METADATA_FILE}: ${error.message}`;
    throw new CommandError(message, undefined, { cause: error });
  }
}

/** What traces have lost of whole streams, one message each. */
export function lostStreams(traces: readonly OpenTrace[]): string[] {
  return traces.flatMap(({ sources, indexes }) =>
    missingPackets(sources, indexes).map(({ file, message }) => `${file}: ${message}`),
  );
}
