import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FingerprintSet } from '../../src/search/fingerprint-set.js';

/** Lanes that collide often, in themselves and in where they are put. */
const lane = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: 0, max: 40 }).map((n) => n << 15),
  fc.integer(),
);

describe('FingerprintSet', () => {
  it('takes a fingerprint once, and says whether it was new', () => {
    const set = new FingerprintSet();
    expect(set.add(1, 2)).toBe(true);
    expect(set.add(1, 2)).toBe(false);
    expect(set.add(2, 1)).toBe(true);
    expect(set.add(1, 3)).toBe(true);
    expect(set.size).toBe(3);
  });

  it('takes (0, 0), too', () => {
    const set = new FingerprintSet();
    expect(set.add(0, 0)).toBe(true);
    expect(set.add(0, 0)).toBe(false);
    expect(set.size).toBe(1);
  });

  it('is a set of pairs, whatever is put in, across growth and clearing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(lane, lane), { maxLength: 400 }), (pairs) => {
        const set = new FingerprintSet();
        for (let round = 0; round < 2; round++) {
          const model = new Set<string>();
          for (const [low, high] of pairs) {
            const name = low === 0 && high === 0 ? '0,1' : `${low},${high}`;
            expect(set.add(low, high)).toBe(!model.has(name));
            model.add(name);
            expect(set.size).toBe(model.size);
          }
          set.clear();
          expect(set.size).toBe(0);
        }
      }),
    );
  });

  it('keeps 100,000 fingerprints apart', () => {
    const set = new FingerprintSet();
    const mixed = (n: number): number => Math.imul(n, 0x9e3779b1);
    for (let n = 1; n <= 100_000; n++) expect(set.add(mixed(n), n & 7)).toBe(true);
    for (let n = 1; n <= 100_000; n++) if (set.add(mixed(n), n & 7)) throw new Error(`lost ${n}`);
    expect(set.size).toBe(100_000);
  });
});
