import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { ImpatientDomain, besideReader } from './expedited-scenario.js';

const everyState = { search: 'states', kernelEvents: 0 } as const;
const early = { message: 'expected reader 0 to see no freed memory' };

describe('an expedited grace period beside a reader', () => {
  it('protects it in every state, however often it looks before it sleeps', () => {
    const result = check(besideReader('sc', barrierPlanOf('membarrier')), everyState);
    expect(result.finding).toBeUndefined();
    expect(result).toMatchObject({ blocked: 0, reason: 'the bound of 0 kernel events' });
  });

  it('does not where it gives up looking, which is found', () => {
    const scenario = besideReader('sc', barrierPlanOf('fence'), ImpatientDomain);
    expect(check(scenario, everyState)).toMatchObject({ outcome: 'fails', finding: early });
  });

  it('does not under tso where readers lack barrier B, which is found', () => {
    const scenario = besideReader('tso', { ...barrierPlanOf('fence'), B: false });
    const sampled = { search: 'pct', seed: 1, executions: 1000, kernelEvents: 0 } as const;
    expect(check(scenario, sampled)).toMatchObject({ outcome: 'fails', finding: early });
  });
});
