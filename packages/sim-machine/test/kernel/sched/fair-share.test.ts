import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { FairClass } from '../../../src/kernel/sched/fair-class.js';
import { fairWeight } from '../../../src/kernel/sched/fair-weight.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';

const SLICE_NS = 3_000_000;

interface Share {
  readonly receivedNs: number;
  readonly dueNs: number;
}

/** Threads that never sleep share one CPU; ticks arrive every `tickNs`. */
function simulate(nices: readonly number[], ticks: number, tickNs: number): Share[] {
  const arena = new StateArena();
  const maxThreads = nices.length;
  const fair = new FairClass({ arena, maxThreads, cpuLimit: 1, sliceNs: SLICE_NS, tickNs });
  const weights = nices.map((nice) => fairWeight(SchedulingPolicy.Normal, nice));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const received = nices.map(() => 0);
  for (const [id, weight] of weights.entries()) fair.attach(id, weight);
  for (const id of weights.keys()) fair.enqueue(0, id, false);
  let current = -1;
  let reschedule = true;
  for (let tick = 0; tick < ticks; tick++) {
    if (reschedule) {
      current = fair.pick(0, current);
      fair.protect(current);
    }
    received[current]! += tickNs;
    reschedule = fair.charge(0, current, tickNs);
  }
  return weights.map((weight, id) => ({
    receivedNs: received[id]!,
    dueNs: (ticks * tickNs * weight) / total,
  }));
}

describe('FairClass, shares of a CPU', () => {
  it('gives every thread its weighted share within one slice and a tick, at any time', () => {
    const tickNs = 250_000;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 19 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 4000 }),
        (nices, ticks) => {
          for (const { receivedNs, dueNs } of simulate(nices, ticks, tickNs))
            expect(Math.abs(receivedNs - dueNs)).toBeLessThanOrEqual(SLICE_NS + tickNs);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives nice 0 ten times what nice 10 gets, in the long run', () => {
    const [normal, nice] = simulate([0, 10], 40_000, 250_000);
    expect(normal!.receivedNs / nice!.receivedNs).toBeCloseTo(1024 / 110, 1);
  });

  it('shares equally among equals', () => {
    const shares = simulate([5, 5, 5, 5], 48 * 100, 250_000);
    for (const { receivedNs } of shares) expect(receivedNs).toBe(shares[0]!.receivedNs);
  });
});
