import type { Combinations } from '../combinations.js';
import type { MovingState } from '../moving-state.js';
import type { ThreadParts } from '../thread-parts.js';
import { PartKind } from './part-kind.js';
import type { PartRegistry } from './part-registry.js';
import type { PartTeller, SharedNumbers } from './shared-numbers.js';

/** Stands for the entry of a thread that does not count. */
const NONE = -1;

/** Tells how a thread came into the kernel. */
export function entryTeller(registry: PartRegistry, threads: ThreadParts): PartTeller {
  return {
    tell: (own) => registry.intern([PartKind.Entry, ...threads.entries[own]!]),
    learn: (common) => threads.adoptEntry(registry.words(common).slice(1)),
  };
}

/** Tells how all threads came into the kernel. */
export function entriesTeller(
  registry: PartRegistry,
  { allEntries }: MovingState,
  entry: SharedNumbers,
): PartTeller {
  return {
    tell: (own) =>
      registry.intern([
        PartKind.Entries,
        ...wordsOf(allEntries, own).map((word) => entry.common(word)),
      ]),
    learn(common) {
      const effects = [...registry.words(common).subarray(1)].flatMap((word, thread) => [
        thread,
        entry.own(word),
      ]);
      return allEntries.after(0, allEntries.change(effects));
    },
  };
}

/** Tells what counts of how threads came into the kernel. */
export function countedTeller(
  registry: PartRegistry,
  all: Combinations,
  entry: SharedNumbers,
): PartTeller {
  return {
    tell: (own) =>
      registry.intern([
        PartKind.Counted,
        ...wordsOf(all, own).map((word) => (word < 0 ? NONE : entry.common(word))),
      ]),
    learn() {
      throw new Error('what counts follows from all entries');
    },
  };
}

function wordsOf(all: Combinations, own: number): Int32Array {
  const words = new Int32Array(all.width);
  all.read(own, words, 0);
  return words;
}
