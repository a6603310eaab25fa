import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../../src/index-file/index-entry.js';
import { parseIndex } from '../../src/index-file/read-index.js';
import { indexEntryBytes, indexHeader } from '../../src/index-file/write-index.js';

const ENTRY: IndexEntry = {
  offsetBytes: 1n,
  packetBits: 2n,
  contentBits: 3n,
  timestampBegin: 4n,
  timestampEnd: 2n ** 64n - 1n,
  eventsDiscarded: 6n,
  streamId: 7n,
  streamInstance: 8n,
  sequence: 9n,
};

function indexOf(...entries: readonly IndexEntry[]): Uint8Array {
  return Uint8Array.from(
    [indexHeader(), ...entries.map(indexEntryBytes)].flatMap((part) => [...part]),
  );
}

describe('an index file', () => {
  it('is big-endian and begins as other tracers have it', () => {
    expect(Buffer.from(indexHeader()).toString('hex')).toBe('c1f1dcc1000000010000000100000048');
    expect(Buffer.from(indexEntryBytes(ENTRY)).toString('hex')).toBe(
      [1n, 2n, 3n, 4n, 2n ** 64n - 1n, 6n, 7n, 8n, 9n]
        .map((value) => value.toString(16).padStart(16, '0'))
        .join(''),
    );
  });

  it('is read as it was written, without an entry that is cut', () => {
    const other = { ...ENTRY, sequence: 10n };
    const bytes = indexOf(ENTRY, other);
    expect(parseIndex(bytes)).toEqual([ENTRY, other]);
    expect(parseIndex(bytes.subarray(0, bytes.length - 1))).toEqual([ENTRY]);
  });

  it('of version 1.0 lacks what came later, of later versions has more behind', () => {
    const sized = (entryBytes: number): Uint8Array => {
      const header = indexHeader();
      new DataView(header.buffer).setUint32(12, entryBytes);
      const entry = new Uint8Array(entryBytes);
      entry.set(indexEntryBytes(ENTRY).subarray(0, entryBytes));
      return Uint8Array.from([...header, ...entry]);
    };
    expect(parseIndex(sized(56))).toEqual([{ ...ENTRY, streamInstance: 0n, sequence: 0n }]);
    expect(parseIndex(sized(80))).toEqual([ENTRY]);
  });

  it.each<[string, number, number]>([
    ['magic number', 0, 0],
    ['version', 4, 2],
    ['size of entries', 12, 8],
  ])('with another %s is refused', (_, at, value) => {
    const bytes = indexOf(ENTRY);
    new DataView(bytes.buffer).setUint32(at, value);
    expect(() => parseIndex(bytes)).toThrow(
      expect.objectContaining({ code: 'ERR_INDEX', position: { bit: at * 8 } }),
    );
    expect(() => parseIndex(bytes.subarray(0, 10))).toThrow(/expected 16 bytes of header/);
  });
});
