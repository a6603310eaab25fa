import { ENTRY_FIELDS, indexEntryOf } from '../index-file/index-entry.js';
import { parseIndex } from '../index-file/read-index.js';
import type { TraceClass } from '../metadata/trace-class.js';
import type { ByteSource } from '../stream/byte-source.js';
import { StreamReader } from '../stream/stream-reader.js';
import { TraceFormatError } from '../trace-format-error.js';

/** What an index file says otherwise than its stream, at most one message an entry. */
export function* checkIndex(
  trace: TraceClass,
  source: ByteSource,
  bytes: Uint8Array,
): Generator<string, void, undefined> {
  let entries;
  try {
    entries = parseIndex(bytes);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    yield error.message;
    return;
  }
  const reader = new StreamReader(trace, source, { anyUuid: true });
  let count = 0;
  try {
    for (let packet = reader.nextPacket(); packet; packet = reader.nextPacket(), count++) {
      const entry = entries[count];
      if (entry === undefined || reader.missingBytes > 0) continue;
      const found = indexEntryOf(packet, reader.packetByte);
      const wrong = ENTRY_FIELDS.find((name) => entry[name] !== found[name]);
      if (wrong !== undefined)
        yield `expected the entry ${count} of the index to have ${wrong} ${found[wrong]}, as its packet, got ${entry[wrong]}`;
    }
  } catch (error) {
    // What cannot be read of the stream is a finding of its own.
    if (!(error instanceof TraceFormatError)) throw error;
    return;
  }
  if (entries.length !== count)
    yield `expected an index of ${count} packets, got ${entries.length} entries`;
}
