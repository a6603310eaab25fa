import { describe, expect, it } from 'vitest';
import { check } from '../../../src/search/check.js';
import type { SearchName } from '../../../src/search/strategies.js';
import { recordRun } from '../../../src/trace/record-run.js';
import type { Part } from '../../findings/programs.js';
import { apart, takesTurns, yieldsTo } from '../spin/spinning-programs.js';

const SEARCHES: readonly SearchName[] = ['graphs', 'classes', 'random', 'pct', 'walk'];
const MODE = { scheduling: 'free', granularity: 'access' } as const;

/** Says that it wants until the other has said something that it never says. */
const neverAgrees = (own: number, other: number): Part =>
  function* stubborn(t, words) {
    do {
      yield* t.store(words[own]!, 1);
      yield* t.store(words[own]!, 0);
    } while ((yield* t.load(words[other]!)) !== 2);
  };

const TWINS = [
  {
    what: 'two that give way to each other',
    broken: apart([yieldsTo(0, 1), yieldsTo(1, 0)]),
    correct: apart([takesTurns(0, 1), takesTurns(1, 0)]),
  },
  {
    what: 'two that wait for what neither says, and go on talking',
    broken: apart([neverAgrees(0, 1), neverAgrees(1, 0)]),
    correct: apart([takesTurns(0, 1), takesTurns(1, 0)]),
  },
] as const;

describe.each(SEARCHES)('the search %s', (search) => {
  it.each(TWINS)('finds a livelock of $what', ({ broken }) => {
    const { outcome, finding } = check(broken, { search, decisions: 300 });
    expect({ outcome, kind: finding?.kind }).toEqual({ outcome: 'fails', kind: 'livelock' });
  });

  it.each(TWINS)('finds none where they take turns: $what', ({ correct }) => {
    const { finding } = check(correct, { search, executions: 100, decisions: 300 });
    expect(finding).toBeUndefined();
  });
});

describe('a lap', () => {
  const { broken } = TWINS[0];

  it('is where the run ends, and leads back to where it began', () => {
    const { finding, decisions } = check(broken, { search: 'random' });
    const { start, length } = finding!.loop!;
    expect(start + length).toBe(decisions!.length);
    const around = [...decisions!, ...decisions!.slice(start)];
    const trace = recordRun(broken, { decisions: Uint32Array.from(around), ...MODE }, { finding });
    expect(trace.finding?.kind).toBe('livelock');
    expect(trace.threadPlaces.every(({ state }) => state === 'running')).toBe(true);
  });

  it('is none where somebody is kept waiting, who would end it', () => {
    const waits: Part = function* busy(t, [flag, own]) {
      for (let i = 0; (yield* t.load(flag!)) === 0; i ^= 1) yield* t.store(own!, i);
    };
    const sets: Part = function* setter(t, [flag]) {
      yield* t.store(flag!, 1);
    };
    const options = { search: 'random', executions: 200, decisions: 300 } as const;
    expect(check(apart([waits, sets]), options)).toMatchObject({ outcome: 'unknown' });
    expect(check(apart([waits, sets]), options).finding).toBeUndefined();
    expect(check(apart([waits]), options).finding?.kind).toBe('livelock');
  });

  it('is none of a program that counts how often it went round, and gives up', () => {
    const patient: Part = function* patient(t, [word]) {
      for (let i = 0; i < 300; i++) {
        yield* t.store(word!, 1);
        yield* t.store(word!, 0);
      }
    };
    expect(check(apart([patient]))).toMatchObject({ outcome: 'holds' });
  });
});
