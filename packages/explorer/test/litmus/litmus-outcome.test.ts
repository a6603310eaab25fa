import { describe, expect, it } from 'vitest';
import { formatFinalStates, type FinalState } from '../../src/litmus/final-state.js';
import { compareOutcome, litmusOutcome } from '../../src/litmus/litmus-outcome.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { tinyLitmus } from './tiny-litmus.js';

const test = parseLitmus(tinyLitmus({ condition: 'exists (0:rax=1 /\\ x=1)' }), 't');

describe('formatFinalStates', () => {
  it('writes registers as thread:register and locations in brackets', () => {
    expect(formatFinalStates(test, [[1, -2]])).toEqual(['0:rax=1; [x]=-2;']);
  });

  it('sorts by number, not by spelling, and addresses last', () => {
    const states: FinalState[] = [
      [10, 0],
      ['y', 0],
      [9, 1],
      [9, 0],
      ['x', 0],
      [-1, 0],
    ];
    expect(formatFinalStates(test, states).map((state) => state.split(';')[0])).toEqual([
      '0:rax=-1',
      '0:rax=9',
      '0:rax=9',
      '0:rax=10',
      '0:rax=x',
      '0:rax=y',
    ]);
  });

  it('names a state once however often it was reached', () => {
    expect(
      formatFinalStates(test, [
        [1, 1],
        [0, 1],
        [1, 1],
      ]),
    ).toHaveLength(2);
  });

  it('writes the state of a test that observes nothing as nothing', () => {
    const blind = parseLitmus(tinyLitmus({ condition: 'forall true' }), 't');
    expect(formatFinalStates(blind, [[], []])).toEqual(['']);
  });
});

describe('compareOutcome', () => {
  const outcome = litmusOutcome(test, [
    [1, 1],
    [0, 1],
  ]);
  const states = ['0:rax=0; [x]=1;', '0:rax=1; [x]=1;'];

  it('agrees when verdict and states are the expected ones', () => {
    expect(compareOutcome(outcome, { verdict: 'Sometimes', states })).toEqual({
      agrees: true,
      missing: [],
      unexpected: [],
    });
  });

  it('does not compare states that are not stated', () => {
    expect(compareOutcome(outcome, { verdict: 'Sometimes' }).agrees).toBe(true);
  });

  it('disagrees when only the verdict differs', () => {
    expect(compareOutcome(outcome, { verdict: 'Always', states }).agrees).toBe(false);
  });

  it('names the states that are missing and those that are not expected', () => {
    const expected = { verdict: 'Sometimes', states: [states[0]!, '0:rax=2; [x]=1;'] } as const;
    expect(compareOutcome(outcome, expected)).toEqual({
      agrees: false,
      missing: ['0:rax=2; [x]=1;'],
      unexpected: ['0:rax=1; [x]=1;'],
    });
  });
});
