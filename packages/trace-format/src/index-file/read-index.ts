import { TraceFormatError } from '../trace-format-error.js';
import { ENTRY_FIELDS } from './index-entry.js';
import type { IndexEntry } from './index-entry.js';
import { INDEX_HEADER_BYTES, INDEX_MAGIC } from './write-index.js';

/** Fields of entries of version 1.0; later versions have more behind them. */
const FEWEST_FIELDS = 7;

/**
 * Reads an index file, of version 1.0 or later.
 *
 * @returns entries of whole packets; one that the file ends in is left out
 * @throws TraceFormatError `ERR_INDEX` for another magic number, version or size of entries
 */
export function parseIndex(bytes: Uint8Array): IndexEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < INDEX_HEADER_BYTES)
    throw refusal(`${INDEX_HEADER_BYTES} bytes of header`, `${bytes.length}`, bytes.length);
  const [magic, major, , entryBytes] = [0, 4, 8, 12].map((at) => view.getUint32(at));
  if (magic !== INDEX_MAGIC)
    throw refusal(`magic 0x${INDEX_MAGIC.toString(16)}`, `0x${magic!.toString(16)}`, 0);
  if (major !== 1) throw refusal('version 1', `${major}`, 4);
  if (entryBytes! < FEWEST_FIELDS * 8)
    throw refusal(`entries of at least ${FEWEST_FIELDS * 8} bytes`, `${entryBytes}`, 12);
  const entries: IndexEntry[] = [];
  for (let at = INDEX_HEADER_BYTES; at + entryBytes! <= bytes.length; at += entryBytes!) {
    const values = ENTRY_FIELDS.map((name, n): [keyof IndexEntry, bigint] => [
      name,
      n * 8 < entryBytes! ? view.getBigUint64(at + n * 8) : 0n,
    ]);
    entries.push(Object.fromEntries(values) as unknown as IndexEntry);
  }
  return entries;
}

function refusal(expected: string, got: string, byte: number): TraceFormatError {
  return new TraceFormatError('ERR_INDEX', `expected ${expected} in an index file, got ${got}`, {
    bit: byte * 8,
  });
}
