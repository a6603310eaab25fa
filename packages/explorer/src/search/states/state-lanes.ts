/** How many words a state's hash has at most. */
export const MOST_LANES = 4;

const MULTIPLIERS = [0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1] as const;
const PLACES = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x2545f491] as const;

/**
 * What a slot adds to a lane of its state's hash.
 *
 * A hash is a sum over all slots, so that a transition takes away what a slot held and adds what it
 * holds, and a slot that was never written counts for nothing.
 */
export function laneOf(lane: number, slot: number, value: number): number {
  const multiplier = MULTIPLIERS[lane]!;
  let hash = Math.imul(value ^ Math.imul(slot + 1, PLACES[lane]!), multiplier);
  hash = Math.imul(hash ^ (hash >>> 15), PLACES[lane]!) + slot;
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 16);
}
