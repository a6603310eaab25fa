/**
 * The seed of one of a search's executions: it follows from the search's seed and the execution's
 * index alone, so that executions can be made in any order and place.
 */
export function executionSeed(seed: number, index: number): number {
  let hash = Math.imul(seed ^ (seed >>> 15), 0x85ebca6b) ^ Math.imul(index + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}
