import type { Operation, Thread } from '@rseqlab/sim-machine';
import { each } from './shared-words.js';
import type { SharedWords, WordProgram } from './shared-words.js';

const LOCK = 0;
const SERVING = 1;
const COUNTER = 2;

interface Lock {
  acquire(t: Thread, shared: SharedWords): Operation<number>;
  release(t: Thread, shared: SharedWords, ticket: number): Operation<void>;
}

/** Locks that give up where they would have to wait. */
export const LOCKS: Readonly<Record<string, Lock>> = {
  mutex: {
    *acquire(t, { at, block }) {
      if ((yield* t.compareExchange(at(LOCK), 0, 1)) !== 0) yield* block(t);
      return 0;
    },
    *release(t, { at }) {
      yield* t.store(at(LOCK), 0);
    },
  },
  'test-and-set': {
    *acquire(t, { at, block }) {
      if ((yield* t.exchange(at(LOCK), 1)) !== 0) yield* block(t);
      return 0;
    },
    *release(t, { at }) {
      yield* t.store(at(LOCK), 0);
    },
  },
  ticket: {
    *acquire(t, { at, block }) {
      const ticket = yield* t.fetchAdd(at(LOCK), 1);
      if ((yield* t.load(at(SERVING))) !== ticket) yield* block(t);
      return ticket;
    },
    *release(t, { at }, ticket) {
      yield* t.store(at(SERVING), ticket + 1);
    },
  },
};

/** n threads that increment a counter under a lock. */
export function increments(lock: Lock, n: number): WordProgram {
  return {
    name: `increment(${n}) under a lock`,
    words: 3,
    threads: each(n, () => {
      return function* locked(t, shared) {
        const ticket = yield* lock.acquire(t, shared);
        const counter = shared.at(COUNTER);
        yield* t.store(counter, (yield* t.load(counter)) + 1);
        yield* lock.release(t, shared, ticket);
      };
    }),
    check(value, lab) {
      lab.expectEqual(value(COUNTER), n, 'the counter');
    },
  };
}
