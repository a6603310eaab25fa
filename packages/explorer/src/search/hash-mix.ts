/** Odd multipliers, one for each lane or kind of what is hashed. */
export const PRIME_A = 0x85ebca6b;
/** See {@link PRIME_A}. */
export const PRIME_B = 0xc2b2ae35;
/** See {@link PRIME_A}. */
export const PRIME_C = 0x27d4eb2f;

/** Takes a value into a 32-bit hash; the order of values matters. */
export function mix(state: number, value: number, prime: number): number {
  let hash = Math.imul(state ^ value, prime);
  hash ^= hash >>> 15;
  hash = Math.imul(hash + value, PRIME_C) ^ prime;
  return hash ^ (hash >>> 13);
}
