import { describe, expect, it } from 'vitest';
import type { FinalState } from '../../src/litmus/final-state.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { satisfies } from '../../src/litmus/satisfies.js';
import { claimHolds, verdictOf } from '../../src/litmus/verdict.js';
import { tinyLitmus } from './tiny-litmus.js';

/** Whether the state with `x`, `y` and `z` satisfies a proposition. */
function holds(proposition: string, x: number | string, y: number | string, z = 0): boolean {
  const condition = `locations [x; y; z;] exists ${proposition}`;
  return satisfies(parseLitmus(tinyLitmus({ condition }), 't'))([x, y, z]);
}

describe('a proposition', () => {
  it.each([
    ['x=1', 1, 0, true],
    ['x=1', 2, 0, false],
    ['[x]==1', 1, 0, true],
    ['x!=1', 1, 0, false],
    ['x<>1', 2, 0, true],
    ['x=0xffffffff', -1, 0, true],
    ['true', 0, 0, true],
    ['false', 0, 0, false],
    ['not x=1', 1, 0, false],
    ['~ ~ x=1', 1, 0, true],
    ['(x=1 /\\ y=2)', 1, 2, true],
    ['(x=1 /\\ y=2)', 1, 3, false],
    ['x=1 \\/ y=2', 0, 2, true],
    ['x=1 => y=2', 1, 3, false],
    ['x=1 => y=2', 0, 3, true],
    ['x=[y]', 4, 4, true],
    ['x=[y]', 4, 5, false],
    ['x=y', 'y', 4, true],
    ['x=&y', 4, 4, false],
  ])('%s with x=%s and y=%s is %s', (proposition, x, y, expected) => {
    expect(holds(proposition, x, y)).toBe(expected);
  });

  it.each([
    ['x=1 \\/ y=1 /\\ z=1', true, 'and binds tighter than or'],
    ['not x=0 /\\ z=1', false, 'not binds tighter than and'],
    ['x=0 /\\ y=1 => z=1', false, '=> binds tighter than and'],
    ['x=0 => y=1 => z=1', true, '=> binds to the right'],
  ])('%s is %s for 1, 0, 0: %s', (proposition, expected) => {
    expect(holds(proposition, 1, 0)).toBe(expected);
  });
});

describe('verdictOf', () => {
  const verdict = (condition: string, ...states: FinalState[]): string =>
    verdictOf(parseLitmus(tinyLitmus({ condition }), 't'), states);

  it.each(['exists', '~exists', 'not exists', 'forall', 'final', ''])(
    'counts the states that satisfy the proposition, whatever stands before it: "%s"',
    (quantifier) => {
      const condition = `${quantifier} (x=1)`;
      expect(verdict(condition, [0], [2])).toBe('Never');
      expect(verdict(condition, [0], [1])).toBe('Sometimes');
      expect(verdict(condition, [1])).toBe('Always');
      expect(verdict(condition)).toBe('Never');
    },
  );

  it('is Always where there is no condition', () => {
    expect(verdict('locations [x;]', [3])).toBe('Always');
  });
});

describe('claimHolds', () => {
  it.each([
    ['exists', [false, true, true]],
    ['not-exists', [true, false, false]],
    ['forall', [false, false, true]],
  ] as const)('%s for Never, Sometimes, Always', (quantifier, expected) => {
    const verdicts = ['Never', 'Sometimes', 'Always'] as const;
    expect(verdicts.map((verdict) => claimHolds(quantifier, verdict))).toEqual(expected);
  });
});
