import type { WordProgram } from './shared-words.js';

const SEQUENCE = 0;
const FIRST = 1;
const SECOND = 2;

/** A writer that writes n times, and a reader that tries once and is told whether it may believe. */
export function seqlock(n: number): WordProgram {
  return {
    name: `seqlock(${n})`,
    words: 3,
    threads: [
      function* writer(t, { at }) {
        for (let i = 0; i < n; i++) {
          yield* t.store(at(SEQUENCE), 2 * i + 1);
          yield* t.store(at(FIRST), i + 1);
          yield* t.store(at(SECOND), i + 1);
          yield* t.store(at(SEQUENCE), 2 * i + 2);
        }
      },
      function* reader(t, { at, lab }) {
        const before = yield* t.load(at(SEQUENCE));
        if (before % 2 === 1) return;
        const first = yield* t.load(at(FIRST));
        const second = yield* t.load(at(SECOND));
        const after = yield* t.load(at(SEQUENCE));
        if (before === after) lab.expectEqual(first, second, 'the second word', t);
      },
    ],
  };
}
