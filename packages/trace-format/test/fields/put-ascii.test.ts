import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putByHost, putCharacters } from '../../src/fields/put-ascii.js';
import type { PutAscii } from '../../src/fields/put-ascii.js';

const CAPACITY = 700;

const ways: readonly [string, PutAscii][] = [
  ['character by character', putCharacters],
  ['by the host', putByHost(new TextEncoder())],
];

/** Text of every length that is written in a way of its own, one character of it perhaps another one. */
const text = fc
  .record({
    length: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 505, max: 520 })),
    seed: fc.integer({ min: 0, max: 126 }),
    other: fc.option(fc.constantFrom('\0', '\x7f', '\x80', 'ü', '漢', '😀', '\ud800')),
    at: fc.nat(520),
  })
  .map(({ length, seed, other, at }) => {
    const ascii = Array.from({ length }, (_, n) => String.fromCharCode(1 + ((n + seed) % 127)));
    if (other !== null) ascii.splice(at % (length + 1), 1, other);
    return ascii.join('');
  });

describe.each(ways)('text that is written %s', (_, put) => {
  it('is its characters at any place, and nothing behind them, or refused', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 7 }), (value, at) => {
        const bytes = new Uint8Array(CAPACITY);
        const isPut = put(new DataView(bytes.buffer), at, value);
        const encoded = new TextEncoder().encode(value);
        expect(isPut).toBe(encoded.length === value.length && !value.includes('\0'));
        if (!isPut) return;
        expect(bytes.subarray(at, at + value.length)).toEqual(encoded);
        expect(bytes.subarray(at + value.length).every((byte) => byte === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('may end with the bytes', () => {
    for (const length of [3, 23, 28, 513]) {
      const bytes = new Uint8Array(length);
      expect(put(new DataView(bytes.buffer), 0, 'x'.repeat(length))).toBe(true);
      expect(bytes.every((byte) => byte === 0x78)).toBe(true);
    }
  });
});
