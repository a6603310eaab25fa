import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { FairClass } from '../../../src/kernel/sched/fair-class.js';
import { FairField } from '../../../src/kernel/sched/fair-entity.js';
import { fairWeight } from '../../../src/kernel/sched/fair-weight.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';

const SLICE_NS = 3_000_000;
const TICK_NS = 4_000_000;

function create(maxThreads: number): FairClass {
  const arena = new StateArena();
  return new FairClass({ arena, maxThreads, cpuLimit: 1, sliceNs: SLICE_NS, tickNs: TICK_NS });
}

describe('FairClass, virtual time', () => {
  it('stays exact when virtual time has run for hours', () => {
    const fair = create(2);
    fair.attach(0, fairWeight(SchedulingPolicy.Idle, 0));
    fair.attach(1, fairWeight(SchedulingPolicy.Normal, -20));
    fair.enqueue(0, 0, true);
    for (let hour = 0; hour < 5; hour++) fair.charge(0, 0, 3_600_000_000_000);
    fair.enqueue(0, 1, true);
    const before = fair.field(0, FairField.Vruntime);
    expect(before).toBeGreaterThan(2 ** 52);
    fair.charge(0, 0, 3);
    expect(fair.field(0, FairField.Vruntime) - before).toBe(1024);
  });

  it('keeps the average exact while heavy threads share a CPU for months', () => {
    const fair = create(2);
    const heavy = fairWeight(SchedulingPolicy.Normal, -20);
    for (const id of [0, 1]) fair.attach(id, heavy);
    for (const id of [0, 1]) fair.enqueue(0, id, true);
    for (let second = 0; second < 10_000_000; second += 100) {
      fair.charge(0, 0, 100_000_000_003);
      fair.charge(0, 1, 100_000_000_001);
    }
    const sum = [0, 1].reduce(
      (total, id) => total + BigInt(fair.field(id, FairField.Vruntime)),
      0n,
    );
    expect(sum * BigInt(heavy)).toBeGreaterThan(2n ** 63n);
    expect(BigInt(fair.averageVruntime(0))).toBe(sum / 2n);
  });

  it('forgets everything on reset', () => {
    const arena = new StateArena();
    const fair = new FairClass({
      arena,
      maxThreads: 2,
      cpuLimit: 1,
      sliceNs: SLICE_NS,
      tickNs: TICK_NS,
    });
    const run = (): number[] => {
      const seen: number[] = [];
      for (const id of [0, 1]) fair.attach(id, 1024 >> id);
      for (const id of [0, 1]) fair.enqueue(0, id, true);
      for (let round = 0; round < 20; round++) {
        const next = fair.pick(0, -1);
        fair.charge(0, next, 1_234_567);
        seen.push(next, fair.averageVruntime(0));
      }
      return seen;
    };
    const first = run();
    arena.reset();
    fair.reset();
    expect(run()).toEqual(first);
  });
});
