import type { LitmusQuestion } from './litmus-question.js';
import type { LitmusValue } from './litmus-value.js';

/** How far apart the locations of a test lie: each has a cache line of its own. */
const LOCATION_STRIDE_BYTES = 64;

/** The virtual address of every location of a test. */
export type LitmusLayout = ReadonlyMap<string, number>;

/**
 * Lays the locations of a test out one behind the other, by name.
 *
 * @param firstAddress - a multiple of 64; small integers should not be mistaken for addresses, so
 *   better not 0
 */
export function layoutLocations(test: LitmusQuestion, firstAddress: number): LitmusLayout {
  return new Map(
    test.locations.map((location, index) => [
      location,
      firstAddress + index * LOCATION_STRIDE_BYTES,
    ]),
  );
}

/** What a word of the machine means: the address of a location is that location's name. */
export function valueOfWord(layout: LitmusLayout, word: number): LitmusValue {
  for (const [location, address] of layout) if (address >>> 0 === word >>> 0) return location;
  return word | 0;
}
