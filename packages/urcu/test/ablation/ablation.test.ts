import { describe, expect, it } from 'vitest';
import { ablate } from './ablation.js';
import type { Ablation } from './ablation.js';

/** What is needed under tso, and what the finding is when it is not there. */
const NEEDED: readonly (readonly [Pick<Ablation, 'kind' | 'without'>, RegExp])[] = [
  [{ kind: 'fence', without: ['B'] }, /what was stored in a section to be seen behind/],
  [{ kind: 'fence', without: ['wake'] }, /1 that can never go on/],
  [{ kind: 'fence', without: ['wait'] }, /1 that can never go on/],
  [{ kind: 'membarrier', without: ['wait'] }, /1 that can never go on/],
  [{ kind: 'fence', without: ['begin', 'A'] }, /what was stored in a section to be seen behind/],
  [{ kind: 'membarrier', without: ['begin', 'A'] }, /to see nothing from behind it/],
];

describe('without the barriers', () => {
  it.each(NEEDED)('$without by $kind, tso shows a counterexample', (ablation, message) => {
    expect(ablate({ ...ablation, memory: 'tso' })).toMatchObject({
      outcome: 'fails',
      finding: { message: expect.stringMatching(message) as string },
    });
    expect(ablate({ ...ablation, memory: 'sc' }).outcome).toBe('holds');
  });

  it.each<Pick<Ablation, 'kind' | 'without'>>([
    { kind: 'fence', without: ['begin'] },
    { kind: 'fence', without: ['A'] },
    { kind: 'fence', without: ['C', 'D', 'E', 'end'] },
    { kind: 'membarrier', without: ['D', 'E', 'end'] },
  ])('$without by $kind, tso shows none in any interleaving', (ablation) => {
    expect(ablate({ ...ablation, memory: 'tso' })).toMatchObject({ outcome: 'holds', blocked: 0 });
  });
});
