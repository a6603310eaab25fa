import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';

/** What tells the two reads of a round apart. */
const RARE = 9;

/** What ends the loop wherever it is read. */
const LAST = 5;

/**
 * A thread reads a word twice in a round, at one place of its program. Its reads differ in nothing but what it does
 * about a value that is hardly ever there: where a flag is read in the one moment in which it is 1.
 *
 * @param before - what the flag is before that, so many times
 * @param ends - is told after every execution that ends what rounds have read
 */
export function rareValue(before: number, ends: string[] = []): Scenario {
  return scenario<{ readonly rounds: readonly string[] }>({
    name: 'a value that is rare',
    machine: { cpus: 3, maxThreads: 4, maxProcesses: 1, memoryBytes: 2 ** 22 },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup(lab) {
      const word = lab.process.allocate(4);
      const flag = lab.process.allocate(4);
      const rounds: string[] = [];
      lab.spawn(
        function* spinning(t) {
          for (;;) {
            const round: number[] = [];
            for (let i = 0; i < 2; i++) {
              round.push(yield* t.load(word));
              if (round[i] === LAST) return;
            }
            rounds.push(round.join());
            if (round.join() === `${RARE},0`) return;
          }
        },
        { cpu: 0 },
      );
      lab.spawn(
        function* storing(t) {
          yield* t.store(word, 1);
          yield* t.store(word, 0);
          if ((yield* t.load(flag)) !== 1) return;
          yield* t.store(word, RARE);
          yield* t.store(word, 0);
        },
        { cpu: 1 },
      );
      lab.spawn(
        function* raising(t) {
          for (let n = 0; n < before; n++) yield* t.store(flag, 2 + n);
          yield* t.store(flag, 1);
          yield* t.store(flag, 0);
          yield* t.store(word, LAST);
        },
        { cpu: 2 },
      );
      return { rounds };
    },
    check({ rounds }) {
      ends.push(rounds.join(' '));
    },
  });
}
