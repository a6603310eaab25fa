import type { ScenarioDefinition, Scenario } from '../../../src/scenario.js';
import { programOf } from '../../findings/programs.js';
import type { Part } from '../../findings/programs.js';

/** Stores values to a word, one after the other. */
export const stores = (word: number, ...values: readonly number[]): Part =>
  function* setter(t, words) {
    for (const value of values) yield* t.store(words[word]!, value);
  };

/** Reads a word until it is something else than 0. */
export const spinsOn = (word: number): Part =>
  function* spinner(t, words) {
    while ((yield* t.load(words[word]!)) === 0);
  };

/** Reads both words, over and over, until both are set. */
export const spinsOnBoth: Part = function* both(t, words) {
  for (;;) {
    const first = yield* t.load(words[0]!);
    const second = yield* t.load(words[1]!);
    if (first !== 0 && second !== 0) return;
  }
};

/** Waits for the first word, and then sets the second. */
export const handsOn: Part = function* next(t, [first, second]) {
  while ((yield* t.load(first!)) === 0);
  yield* t.store(second!, 1);
};

/** Takes test-and-set locks by exchanges, counts, and gives them back. */
export const locks = (...held: readonly number[]): Part =>
  function* locker(t, words) {
    for (const lock of held) while ((yield* t.exchange(words[lock]!, 1)) !== 0);
    yield* t.store(words[3]!, (yield* t.load(words[3]!)) + 1);
    for (const lock of held) yield* t.storeRelease(words[lock]!, 0);
  };

/** Says that it wants, and takes that back as long as another wants as well. */
export const yieldsTo = (own: number, other: number): Part =>
  function* polite(t, words) {
    for (;;) {
      yield* t.store(words[own]!, 1);
      if ((yield* t.load(words[other]!)) === 0) break;
      yield* t.store(words[own]!, 0);
    }
    yield* t.store(words[own]!, 0);
  };

/** Dekker's rule: who has not the turn takes back that it wants, and waits for the turn. */
export const takesTurns = (own: number, other: number): Part =>
  function* polite(t, words) {
    const turn = words[2]!;
    yield* t.store(words[own]!, 1);
    while ((yield* t.load(words[other]!)) === 1) {
      if ((yield* t.load(turn)) === own) continue;
      yield* t.store(words[own]!, 0);
      while ((yield* t.load(turn)) !== own);
      yield* t.store(words[own]!, 1);
    }
    yield* t.store(turn, other);
    yield* t.store(words[own]!, 0);
  };

/** Threads on a CPU each, without kernel events. */
export function apart(
  parts: readonly Part[],
  options: Partial<ScenarioDefinition<unknown>> = {},
): Scenario {
  return programOf(parts, {
    machine: { cpus: parts.length },
    events: { preemption: false, migration: false },
    ...options,
  });
}
