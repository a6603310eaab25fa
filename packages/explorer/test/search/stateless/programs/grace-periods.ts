import { each } from './shared-words.js';
import type { WordProgram } from './shared-words.js';

const POINTER = 0;
const OLD = 1;
const NEW = 2;
const READER = 3;
const FREED = -1;

/** An updater that frees what it replaced when n readers have been quiescent. */
export function qsbr(n: number): WordProgram {
  return {
    name: `qsbr(${n})`,
    words: READER + n,
    initial: { [POINTER]: OLD, [OLD]: 1, [NEW]: 2 },
    threads: [
      function* updater(t, { at }) {
        yield* t.store(at(POINTER), NEW);
        for (let i = 0; i < n; i++) yield* t.waitUntilNotEqual(at(READER + i), 0);
        yield* t.store(at(OLD), FREED);
      },
      ...each<WordProgram['threads'][number]>(n, (i) => {
        return function* reader(t, { at, lab }) {
          const value = yield* t.load(at(yield* t.load(at(POINTER))));
          lab.expect(value !== FREED, 'memory that was not freed', t);
          yield* t.store(at(READER + i), 1);
        };
      }),
    ],
  };
}

/** An updater that waits until no reader is within a critical section, whose mark is a word. */
export function urcuCounter(hasBarrier: boolean): WordProgram {
  return {
    name: 'urcu counter',
    words: READER + 1,
    initial: { [POINTER]: OLD, [OLD]: 1, [NEW]: 2 },
    threads: [
      function* updater(t, { at }) {
        yield* t.store(at(POINTER), NEW);
        yield* t.fence();
        yield* t.waitUntilNotEqual(at(READER), 1);
        yield* t.store(at(OLD), FREED);
      },
      function* reader(t, { at, lab }) {
        yield* t.store(at(READER), 1);
        if (hasBarrier) yield* t.fence();
        const value = yield* t.load(at(yield* t.load(at(POINTER))));
        lab.expect(value !== FREED, 'memory that was not freed', t);
        yield* t.store(at(READER), 0);
      },
    ],
  };
}
