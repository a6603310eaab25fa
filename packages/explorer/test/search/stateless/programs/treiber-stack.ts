import { each } from './shared-words.js';
import type { WordProgram } from './shared-words.js';

const TOP = 0;

/** n threads that each push a node onto a lock-free stack. */
export function treiberPush(n: number): WordProgram {
  return {
    name: `Treiber push(${n})`,
    words: n + 1,
    threads: each(n, (i) => {
      const node = i + 1;
      return function* push(t, { at }) {
        for (;;) {
          const top = yield* t.load(at(TOP));
          yield* t.store(at(node), top);
          if ((yield* t.compareExchange(at(TOP), top, node)) === top) return;
        }
      };
    }),
    check(value, lab) {
      let length = 0;
      for (let node = value(TOP); node !== 0; node = value(node)) length += 1;
      lab.expectEqual(length, n, 'the length of the stack');
    },
  };
}
