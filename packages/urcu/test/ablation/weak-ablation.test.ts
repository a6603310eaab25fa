import { describe, expect, it } from 'vitest';
import type { BarrierKind } from '../../src/domain/barrier-plan.js';
import type { BarrierPlace } from './ablation.js';
import { ablateWeak } from './weak-ablation.js';

interface Case {
  readonly kind: BarrierKind;
  readonly without: readonly BarrierPlace[];
}

const LEAKS_DOWN = /what was stored in a section to be seen behind/;
const NEVER_WOKEN = /no thread that is left to change it/;

const NEEDED: readonly (readonly [Case, RegExp])[] = [
  [{ kind: 'fence', without: ['A'] }, LEAKS_DOWN],
  [{ kind: 'fence', without: ['B'] }, LEAKS_DOWN],
  [{ kind: 'fence', without: ['C'] }, LEAKS_DOWN],
  [{ kind: 'fence', without: ['wake'] }, NEVER_WOKEN],
  [{ kind: 'fence', without: ['wait'] }, NEVER_WOKEN],
  [{ kind: 'membarrier', without: ['A'] }, LEAKS_DOWN],
];

describe('without the barriers', () => {
  it.each(NEEDED)(
    '$without by $kind, the weak model shows a counterexample',
    ({ kind, without }, message) => {
      expect(ablateWeak(kind, without).finding?.message).toMatch(message);
    },
  );

  it.each<Case>([
    { kind: 'fence', without: [] },
    { kind: 'fence', without: ['D', 'E', 'end'] },
  ])('$without by $kind, the weak model shows none in any state', ({ kind, without }) => {
    const { finding, isWhole } = ablateWeak(kind, without);
    expect(finding).toBeUndefined();
    expect(isWhole).toBe(true);
  });
});
