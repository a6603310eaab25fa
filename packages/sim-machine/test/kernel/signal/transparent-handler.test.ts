import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { describe, expect, it } from 'vitest';
import { DecisionKind, decisionKind, NO_DECISION } from '../../../src/director/decision.js';
import type { Decision } from '../../../src/director/decision.js';
import type { DecisionPoint, Director, Granularity } from '../../../src/director/director.js';
import { ScriptedDirector } from '../../../src/director/scripted-director.js';
import { futexWait, futexWake } from '../../../src/kernel/libc/futex.js';
import { sigaction } from '../../../src/kernel/libc/signals.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1 } = SignalNumber;

/** Chooses at random; signals only while a condition holds, and no more than a few. */
class SignalsWhile implements Director {
  readonly name = 'signals while';
  readonly scheduling = 'free';
  readonly granularity: Granularity;
  readonly #condition: () => boolean;
  readonly #random: RandomGenerator;
  #left: number;

  constructor(seed: number, granularity: Granularity, signals: number, condition: () => boolean) {
    this.granularity = granularity;
    this.#random = xoroshiro128plus(seed);
    this.#left = signals;
    this.#condition = condition;
  }

  decide(point: DecisionPoint): Decision {
    const possible: Decision[] = [];
    possible.length = point.enumerate(possible);
    const isAllowed = this.#left > 0 && this.#condition();
    const choice = possible.filter(
      (decision) => isAllowed || decisionKind(decision) !== DecisionKind.Signal,
    );
    const decision = choice.length === 0 ? NO_DECISION : choice[this.choose(0, choice.length)]!;
    if (decision !== NO_DECISION && decisionKind(decision) === DecisionKind.Signal) this.#left -= 1;
    return decision;
  }

  choose(_: number, count: number): number {
    return uniformInt(this.#random, 0, count - 1);
  }
}

/** Two threads hand a token back and forth; each computes; both are interrupted by signals. */
function pingPong(director: (ready: () => boolean) => Director): {
  total: number;
  handled: number;
  decisions: Uint32Array;
} {
  const lab: Laboratory = new Laboratory(
    { cpus: 2, memory: 'tso', events: { signals: [SIGUSR1] } },
    director(() => lab.process.read32(ready) === 1),
  );
  const ready = lab.word();
  const handled = lab.word();
  const turn = lab.word();
  const total = lab.word();
  for (const me of [0, 1])
    lab.spawn(
      function* (t) {
        if (me === 0) {
          yield* sigaction(
            t,
            SIGUSR1,
            function* (h) {
              yield* h.fetchAdd(handled, 1);
            },
            { restart: true },
          );
          yield* t.exchange(ready, 1);
        } else while ((yield* t.load(ready)) === 0) yield* t.load(ready);
        for (let round = 0; round < 4; round++) {
          for (;;) {
            const seen = yield* t.loadAcquire(turn);
            if (seen === me) break;
            yield* futexWait(t, turn, seen);
          }
          yield* t.store(total, (yield* t.load(total)) * 3 + me + 1);
          yield* t.exchange(turn, 1 - me);
          yield* futexWake(t, turn, 1);
        }
      },
      { name: me === 0 ? 'ping' : 'pong' },
    );
  lab.finish();
  return {
    total: lab.process.read32(total),
    handled: lab.process.read32(handled),
    decisions: lab.machine.decisions,
  };
}

describe('a handler that only counts', () => {
  it.each(['instruction', 'access'] as const)(
    'is not noticed by the programs it interrupts, at any %s',
    (granularity) => {
      const expected = pingPong((ready) => new SignalsWhile(1, granularity, 0, ready)).total;
      let handled = 0;
      for (let seed = 1; seed <= 40; seed++) {
        const run = pingPong((ready) => new SignalsWhile(seed, granularity, 12, ready));
        expect(run.total, `seed ${seed}`).toBe(expected);
        handled += run.handled;
      }
      expect(handled).toBeGreaterThan(100);
    },
  );

  it('is replayed from the decisions', () => {
    const first = pingPong((ready) => new SignalsWhile(7, 'instruction', 12, ready));
    const script = first.decisions;
    const again = pingPong(() => new ScriptedDirector(script));
    expect(again).toEqual(first);
  });
});
