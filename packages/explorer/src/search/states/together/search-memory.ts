import { PartRegistry } from './part-registry.js';
import { SharedStore } from './shared-store.js';
import type { StoreMemory } from './shared-store.js';
import { WorkPool } from './work-pool.js';

/** How large what is shared is: by it all who search together make the same of it. */
export interface SearchShape {
  /** Words of a state's key. */
  readonly keyWords: number;
  /** Words of a state that is handed over. */
  readonly stateWords: number;
}

/** Memory that all share who search together. */
export interface SearchMemory {
  /** Of a `PartRegistry`. */
  readonly parts: SharedArrayBuffer;
  /** Of a `SharedStore`. */
  readonly states: StoreMemory;
  /** Of a `WorkPool`. */
  readonly pool: SharedArrayBuffer;
}

/** Up to so many bytes of fields a store grows by four, and by two from there on. */
const LARGE_STATES = 1 << 22;

/** Memory to begin with, or to go on in. @throws RangeError where there is none */
export function newMemory(
  { keyWords, stateWords }: SearchShape,
  before?: { readonly memory: SearchMemory },
): SearchMemory {
  return {
    parts: before?.memory.parts ?? PartRegistry.memory(),
    states: before?.memory.states ?? SharedStore.memory(keyWords),
    pool: WorkPool.memory(stateWords),
  };
}

/**
 * Memory with room for more, where there is little left; called while nobody searches.
 *
 * @throws RangeError where there is no more
 */
export function roomierMemory(memory: SearchMemory, { keyWords }: SearchShape): SearchMemory {
  const store = new SharedStore(keyWords, memory.states);
  const { capacity } = store;
  const room = capacity * (capacity < LARGE_STATES ? 4 : 2);
  return {
    parts: new PartRegistry(memory.parts).isNearlyFull
      ? PartRegistry.grown(memory.parts)
      : memory.parts,
    states: store.isNearlyFull ? SharedStore.grown(keyWords, memory.states, room) : memory.states,
    pool: memory.pool,
  };
}
