import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { crossing } from './crossing-scenario.js';

const tso = { memory: 'tso' } as const;
/** The updater may miss its wake-up as well. */
const allowBlocked = true;
const sampled = { search: 'pct', seed: 1, executions: 600, kernelEvents: 0 } as const;
const found = {
  outcome: 'fails',
  finding: { message: 'expected the reader to see no freed memory' },
};
const everyProcess = barrierPlanOf('global membarrier');

describe('readers without fences in another process', () => {
  it('are reached by a global membarrier once their process is registered', () => {
    const result = check(crossing({ ...tso, plan: everyProcess, isReached: true }), sampled);
    expect(result.finding).toBeUndefined();
  });

  it('are not reached by a private membarrier, which is found', () => {
    const plan = barrierPlanOf('membarrier');
    expect(check({ ...crossing({ ...tso, plan }), allowBlocked }, sampled)).toMatchObject(found);
  });

  it('are not reached by a global one when their process is not registered, which is found', () => {
    expect(
      check({ ...crossing({ ...tso, plan: everyProcess }), allowBlocked }, sampled),
    ).toMatchObject(found);
  });
});
