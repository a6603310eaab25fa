import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { forkBeside, unhandled } from './fork-beside-scenario.js';

const everyState = { search: 'states', decisions: 3000 } as const;

describe('a fork at any point of what another thread does', () => {
  it('beside a reader leaves a child whose grace periods end', () => {
    expect(check(forkBeside({ beside: 'reads' }), everyState)).toMatchObject({
      outcome: 'holds',
      blocked: 0,
    });
  });

  it.each(['reads', 'updates'] as const)(
    'leaves a child that waits for ever without a handler, beside a thread that %s: found',
    (beside) => {
      expect(check(forkBeside({ beside, inChild: unhandled }), everyState)).toMatchObject({
        outcome: 'fails',
        finding: { kind: 'deadlock' },
      });
    },
  );
});
