import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { EXPEDITED_ATTEMPTS } from '../../src/domain/grace-period.js';
import { ablatedPlan } from '../ablation/ablation.js';
import type { BarrierPlace } from '../ablation/ablation.js';
import { oneDirection } from '../ablation/one-direction.js';
import type { Direction } from '../ablation/one-direction.js';
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

/** A half of the guarantee of one with fences, which looks so often before it sleeps. */
function half(
  direction: Direction,
  memory: MemoryModelName,
  attempts: number,
  ...without: BarrierPlace[]
) {
  const plan = ablatedPlan('fence', without);
  return oneDirection({ direction, plan, attempts, goesOn: true, machine: { memory } });
}

describe('an expedited grace period under weak that looks three times before it sleeps', () => {
  it.each(['down', 'up'] as const)(
    'keeps sections from leaking %s, in every state',
    (direction) => {
      expect(check(half(direction, 'weak', 3), everyState)).toMatchObject({
        outcome: 'holds',
        blocked: 0,
      });
    },
  );

  it('does not where readers lack barrier C, which is found under weak alone', () => {
    expect(check(half('down', 'tso', 3, 'C'), everyState).outcome).toBe('holds');
    expect(check(half('down', 'weak', 3, 'C'), everyState).finding?.message).toMatch(
      /what was stored in a section to be seen behind/,
    );
  });

  it('is no livelock where it looks a hundred times', () => {
    const often = half('up', 'weak', EXPEDITED_ATTEMPTS);
    const { finding, outcome } = check(often, { ...everyState, executions: 100 });
    expect({ finding, outcome }).toEqual({ outcome: 'unknown' });
  });
});
