import { ENTRY_FIELDS } from './index-entry.js';
import type { IndexEntry } from './index-entry.js';

/** First word of an index file. @source lttng-tools, `ctf-index.h` */
export const INDEX_MAGIC = 0xc1f1dcc1;

/** Bytes of the header of an index file. */
export const INDEX_HEADER_BYTES = 16;

/** Bytes of an entry of version 1.1. */
const INDEX_ENTRY_BYTES: number = ENTRY_FIELDS.length * 8;

/**
 * The beginning of an index file, behind which its entries stand.
 *
 * | offset | bytes | big-endian                       |
 * |--------|-------|----------------------------------|
 * | 0      | 4     | magic 0xC1F1DCC1                 |
 * | 4      | 8     | version: 1, 1                    |
 * | 12     | 4     | bytes of an entry: 72            |
 *
 * @source lttng-tools, `ctf-index.h`
 */
export function indexHeader(): Uint8Array {
  const bytes = new Uint8Array(INDEX_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [n, word] of [INDEX_MAGIC, 1, 1, INDEX_ENTRY_BYTES].entries())
    view.setUint32(n * 4, word);
  return bytes;
}

/** An entry as an index file has it: nine big-endian numbers of 64 bits. */
export function indexEntryBytes(entry: IndexEntry): Uint8Array {
  const bytes = new Uint8Array(INDEX_ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [n, name] of ENTRY_FIELDS.entries()) view.setBigUint64(n * 8, entry[name]);
  return bytes;
}
