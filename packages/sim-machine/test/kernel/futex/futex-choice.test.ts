import { describe, expect, it } from 'vitest';
import { NO_DECISION } from '../../../src/director/decision.js';
import type { Decision } from '../../../src/director/decision.js';
import { ChoiceKind } from '../../../src/director/director.js';
import type { DecisionPoint, Director } from '../../../src/director/director.js';
import { ALL_WAITERS, futexRequeue, futexWait, futexWake } from '../../../src/kernel/libc/futex.js';
import { Laboratory } from '../program-fixture.js';

/** Makes the first possible decision, and answers questions about waiters from a list. */
class AskedDirector implements Director {
  readonly name = 'asked';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** Out of how many waiters one was to be chosen. */
  readonly asked: number[] = [];
  readonly #answers: number[];
  readonly #possible: Decision[] = [];

  constructor(...answers: number[]) {
    this.#answers = answers;
  }

  decide(point: DecisionPoint): Decision {
    return point.enumerate(this.#possible) === 0 ? NO_DECISION : this.#possible[0]!;
  }

  choose(kind: ChoiceKind, count: number): number {
    if (kind !== ChoiceKind.Waiter) return 0;
    this.asked.push(count);
    return this.#answers.shift() ?? 0;
  }
}

const EVENTS = { preemption: false, migration: false } as const;

/** Three waiters, then a program; in which order the waiters come back. */
function wokenBy(
  director: AskedDirector,
  program: (lab: Laboratory, word: number) => Parameters<Laboratory['spawn']>[0],
): number[] {
  const lab = new Laboratory({ cpus: 1, events: EVENTS }, director);
  const word = lab.word();
  const woken: number[] = [];
  for (const n of [0, 1, 2])
    lab.spawn(function* waiter(t) {
      yield* futexWait(t, word, 0);
      woken.push(n);
    });
  lab.spawn(program(lab, word));
  lab.finish();
  return woken;
}

describe('a free director', () => {
  it('is asked which waiter wakes, among all that are left', () => {
    const director = new AskedDirector(2, 1);
    const woken = wokenBy(
      director,
      (_lab, word) =>
        function* waker(t) {
          for (let n = 0; n < 3; n++) yield* futexWake(t, word, 1);
        },
    );
    expect(director.asked).toEqual([3, 2]);
    expect(woken).toHaveLength(3);
  });

  it('is not asked when all wake', () => {
    const director = new AskedDirector();
    wokenBy(
      director,
      (_lab, word) =>
        function* waker(t) {
          expect(yield* futexWake(t, word, ALL_WAITERS)).toBe(3);
        },
    );
    expect(director.asked).toEqual([]);
  });

  it('is asked which waiters are moved, if not all', () => {
    const director = new AskedDirector(1, 1);
    wokenBy(
      director,
      (lab, word) =>
        function* waker(t) {
          const target = lab.word();
          expect(yield* futexRequeue(t, word, target, { wake: 1, move: 1 })).toBe(2);
          expect(yield* futexWake(t, target, 1)).toBe(1);
          expect(yield* futexWake(t, word, 1)).toBe(1);
        },
    );
    expect(director.asked).toEqual([3, 2]);
  });
});

describe('a spurious wake-up', () => {
  it('ends a futex wait with 0, and is offered for nothing else', () => {
    const lab = new Laboratory(
      { cpus: 1, events: { ...EVENTS, spuriousWakes: true } },
      new AskedDirector(),
    );
    const word = lab.word();
    expect(lab.run((t) => futexWait(t, word, 0))).toBe(0);
    const quiet = new Laboratory({ cpus: 1, events: EVENTS }, new AskedDirector());
    const other = quiet.word();
    quiet.spawn((t) => futexWait(t, other, 0));
    expect(quiet.machine.run().outcome).toBe('stuck');
  });
});
