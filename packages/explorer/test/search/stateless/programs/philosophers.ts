import { each } from './shared-words.js';
import type { WordProgram } from './shared-words.js';

/**
 * n philosophers around a table with a fork between any two; each takes two forks and eats.
 *
 * @param isOrdered - whether all take the fork with the lower number first
 * @param ate - called when one has eaten
 */
export function philosophers(n: number, isOrdered: boolean, ate: () => void): WordProgram {
  return {
    name: `${n} philosophers`,
    words: n,
    threads: each(n, (i) => {
      const left = i;
      const right = (i + 1) % n;
      const [first, second] = isOrdered && right < left ? [right, left] : [left, right];
      return function* philosopher(t, { at, block }) {
        for (const fork of [first, second])
          if ((yield* t.exchange(at(fork), 1)) !== 0) yield* block(t);
        ate();
        yield* t.store(at(second), 0);
        yield* t.store(at(first), 0);
      };
    }),
  };
}
