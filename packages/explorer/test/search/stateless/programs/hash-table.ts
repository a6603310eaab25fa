import { each } from './shared-words.js';
import type { WordProgram } from './shared-words.js';

const SIZE = 128;
const MESSAGES = 4;

/** n threads that each put four messages into a hash table with open addressing. */
export function indexer(n: number): WordProgram {
  return {
    name: `indexer(${n})`,
    words: SIZE,
    threads: each(n, (thread) => {
      return function* index(t, { at }) {
        for (let message = 1; message <= MESSAGES; message++) {
          const word = message * 11 + thread;
          let slot = (word * 7) % SIZE;
          while ((yield* t.compareExchange(at(slot), 0, word)) !== 0) slot = (slot + 1) % SIZE;
        }
      };
    }),
  };
}

/** n threads with array[i + 1] = array[i] + 1, and one that looks for the last zero from behind. */
export function lastZero(n: number): WordProgram {
  return {
    name: `lastzero(${n})`,
    words: n + 1,
    threads: [
      function* reader(t, { at }) {
        let i = n;
        while ((yield* t.load(at(i))) !== 0) i -= 1;
      },
      ...each<WordProgram['threads'][number]>(n, (i) => {
        return function* writer(t, { at }) {
          yield* t.store(at(i + 1), (yield* t.load(at(i))) + 1);
        };
      }),
    ],
  };
}
