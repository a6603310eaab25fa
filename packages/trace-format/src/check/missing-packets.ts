import { INDEX_HEADER_BYTES } from '../index-file/write-index.js';
import type { ByteSource } from '../stream/byte-source.js';

/** A file that should have packets. */
export interface MissingPackets {
  readonly file: string;
  /** What was expected and what is there. */
  readonly message: string;
}

/**
 * Finds files that are empty or not there although their index tells of packets.
 *
 * A file that is empty without such an index is no loss: tracers make files before they have packets.
 *
 * @param indexes index files by the name of the file that they are of
 */
export function missingPackets(
  sources: readonly ByteSource[],
  indexes: ReadonlyMap<string, Uint8Array>,
): MissingPackets[] {
  return [...indexes].flatMap(([file, index]) => {
    const source = sources.find(({ name }) => name === file);
    if (index.length <= INDEX_HEADER_BYTES || (source !== undefined && source.sizeBytes > 0))
      return [];
    const got = source === undefined ? 'no file' : 'an empty file';
    return [{ file, message: `expected the packets that the index tells of, got ${got}` }];
  });
}
