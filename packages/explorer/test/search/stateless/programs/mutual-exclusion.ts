import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { SharedWords, WordProgram } from './shared-words.js';

const FLAGS = [0, 1] as const;
const TURN = 2;
const INSIDE = 3;

/** Enters and leaves the critical section; a second thread in it is a finding. */
function* critical(t: Thread, { at, lab }: SharedWords): Operation<void> {
  const inside = yield* t.load(at(INSIDE));
  lab.expectEqual(inside, 0, 'threads in the critical section', t);
  yield* t.store(at(INSIDE), 1);
  yield* t.store(at(INSIDE), 0);
}

/** Two threads that enter once if Dekker's flags let them. */
export function dekker(hasFence: boolean): WordProgram {
  return {
    name: 'Dekker try',
    words: 4,
    threads: [0, 1].map((me) => {
      return function* contender(t, shared) {
        const { at } = shared;
        yield* t.store(at(FLAGS[me]!), 1);
        if (hasFence) yield* t.fence();
        if ((yield* t.load(at(FLAGS[1 - me]!))) === 0) yield* critical(t, shared);
        yield* t.store(at(FLAGS[me]!), 0);
      };
    }),
  };
}

/** Two threads that enter once if Peterson's algorithm lets them without waiting. */
export function peterson(hasFence: boolean): WordProgram {
  return {
    name: 'Peterson try',
    words: 4,
    threads: [0, 1].map((me) => {
      return function* contender(t, shared) {
        const { at } = shared;
        yield* t.store(at(FLAGS[me]!), 1);
        yield* t.store(at(TURN), 1 - me);
        if (hasFence) yield* t.fence();
        if ((yield* t.load(at(FLAGS[1 - me]!))) === 0 || (yield* t.load(at(TURN))) === me)
          yield* critical(t, shared);
        yield* t.store(at(FLAGS[me]!), 0);
      };
    }),
  };
}
