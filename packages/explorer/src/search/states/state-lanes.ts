/** How many words a state's hash has at most. */
export const MOST_LANES = 4;

/** What sets slots apart, a lane each; multiples of odd numbers, so that no two slots have the same. */
const PLACES = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x2545f491] as const;

/**
 * What a slot adds to a lane of its state's hash.
 *
 * A hash is a sum over all slots, so that a transition takes away what a slot held and adds what it
 * holds, and a slot that was never written counts for nothing.
 *
 * @source MurmurHash3 by Austin Appleby (fmix32)
 */
export function laneOf(lane: number, slot: number, value: number): number {
  let hash = value ^ Math.imul(slot + 1, PLACES[lane]!);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
