import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Numbers that are thrown away: until then generators of neighbouring seeds resemble each other. */
const WARM_UP = 16;

/**
 * Random numbers from a seed; small seeds that differ by one give unrelated sequences.
 *
 * @param seed a 32-bit integer
 * @source Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021: a state with
 *   few bits set takes a while to fill
 */
export function seededGenerator(seed: number): RandomGenerator {
  let bits = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  const generator = xoroshiro128plus(bits ^ (bits >>> 16));
  for (let n = 0; n < WARM_UP; n++) generator.next();
  return generator;
}
