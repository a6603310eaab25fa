import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { FairClass } from '../../../src/kernel/sched/fair-class.js';
import { FairField } from '../../../src/kernel/sched/fair-entity.js';
import { fairWeight } from '../../../src/kernel/sched/fair-weight.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';
import { EevdfOracle } from './eevdf-oracle.js';

const SLICE_NS = 3_000_000;
const TICK_NS = 4_000_000;
const THREADS = 12;

function create(maxThreads = THREADS): FairClass {
  const arena = new StateArena();
  return new FairClass({ arena, maxThreads, cpuLimit: 1, sliceNs: SLICE_NS, tickNs: TICK_NS });
}

const weight = fc
  .integer({ min: -21, max: 19 })
  .map((nice) =>
    nice < -20 ? fairWeight(SchedulingPolicy.Idle, 0) : fairWeight(SchedulingPolicy.Normal, nice),
  );
const thread = fc.nat(THREADS - 1);
const step = fc.oneof(
  fc.record({ kind: fc.constant('toggle' as const), thread, sleeps: fc.boolean() }),
  fc.record({
    kind: fc.constant('run' as const),
    ranNs: fc.oneof(fc.nat(5000), fc.nat(20_000_000)),
  }),
  fc.record({ kind: fc.constant('reweigh' as const), thread, weight }),
  fc.record({ kind: fc.constant('yield' as const) }),
);

describe('FairClass', () => {
  it('does what the definition of EEVDF says, for any history of one CPU', () => {
    const history = fc.tuple(
      fc.array(weight, { minLength: THREADS, maxLength: THREADS }),
      fc.array(step, { maxLength: 120 }),
    );
    fc.assert(
      fc.property(history, ([weights, steps]) => {
        const fair = create();
        const oracle = new EevdfOracle(SLICE_NS, TICK_NS);
        const queued = new Set<number>();
        const started = new Set<number>();
        let current = -1;
        for (const [id, value] of weights.entries()) {
          fair.attach(id, value);
          oracle.attach(id, value);
        }
        for (const action of steps) {
          if (action.kind === 'toggle') {
            if (queued.delete(action.thread)) {
              fair.dequeue(0, action.thread, action.sleeps);
              oracle.dequeue(action.thread, action.sleeps);
              if (current === action.thread) current = -1;
            } else {
              const isNew = !started.has(action.thread);
              fair.enqueue(0, action.thread, isNew);
              oracle.enqueue(action.thread, isNew);
              queued.add(action.thread);
              started.add(action.thread);
            }
          } else if (action.kind === 'reweigh') {
            fair.reweigh(queued.has(action.thread) ? 0 : -1, action.thread, action.weight);
            oracle.reweigh(action.thread, action.weight);
          } else if (current >= 0) {
            if (action.kind === 'yield') {
              fair.yield(0, current);
              oracle.yield(current);
            } else {
              expect(fair.charge(0, current, action.ranNs)).toBe(
                oracle.charge(current, action.ranNs),
              );
            }
          }
          const next = fair.pick(0, current);
          expect(next).toBe(oracle.pick(current));
          expect(BigInt(fair.averageVruntime(0))).toBe(oracle.average());
          expect(fair.count(0)).toBe(queued.size);
          for (const entity of oracle.queued()) {
            expect(BigInt(fair.field(entity.id, FairField.Vruntime))).toBe(entity.vruntime);
            expect(BigInt(fair.field(entity.id, FairField.Deadline))).toBe(entity.deadline);
          }
          if (next !== current && next >= 0) {
            fair.protect(next);
            oracle.protect(next);
          }
          current = next;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the weighted lags of a queue summing to zero, within what V is rounded by', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(weight, fc.nat(50_000_000)), { minLength: 1, maxLength: THREADS }),
        (entries) => {
          const fair = create();
          for (const [id, [value]] of entries.entries()) {
            fair.attach(id, value);
            fair.enqueue(0, id, true);
          }
          for (const [id, [, ranNs]] of entries.entries()) fair.charge(0, id, ranNs);
          const average = BigInt(fair.averageVruntime(0));
          let sum = 0n;
          let total = 0n;
          for (const [id, [value]] of entries.entries()) {
            sum += BigInt(value) * (average - BigInt(fair.field(id, FairField.Vruntime)));
            total += BigInt(value);
          }
          expect(sum <= 0n && sum > -total).toBe(true);
        },
      ),
    );
  });

  it('has somebody to run whenever somebody is queued', () => {
    const fair = create(3);
    for (const id of [0, 1, 2]) fair.attach(id, fairWeight(SchedulingPolicy.Normal, id * 9 - 20));
    for (const id of [0, 1, 2]) fair.enqueue(0, id, true);
    for (let round = 0; round < 1000; round++) {
      const next = fair.pick(0, -1);
      expect(next).toBeGreaterThanOrEqual(0);
      fair.charge(0, next, 777_777);
    }
  });

  it('does not run a thread ahead of the average, however early its deadline', () => {
    const fair = create(2);
    for (const id of [0, 1]) fair.attach(id, 1024);
    fair.enqueue(0, 0, false);
    fair.enqueue(0, 1, false);
    fair.charge(0, 0, 1_000_000);
    // Thread 0: vruntime 1 ms, deadline 3 ms; thread 1: 0 and 3 ms; V is 0.5 ms.
    expect(fair.pick(0, -1)).toBe(1);
  });

  it('gives a new thread a first deadline of half a slice', () => {
    const fair = create(1);
    fair.attach(0, 1024);
    fair.enqueue(0, 0, true);
    expect(fair.field(0, FairField.Deadline)).toBe(SLICE_NS / 2);
  });

  it('gives a deadline further away to a lighter thread', () => {
    const fair = create(2);
    fair.attach(0, 1024);
    fair.attach(1, 512);
    fair.enqueue(0, 0, false);
    fair.enqueue(0, 1, false);
    expect(fair.field(0, FairField.Deadline)).toBe(SLICE_NS);
    expect(fair.field(1, FairField.Deadline)).toBe(2 * SLICE_NS);
  });

  it('asks for a reschedule when the slice is used up, but not of a lone thread', () => {
    const fair = create(2);
    for (const id of [0, 1]) fair.attach(id, 1024);
    fair.enqueue(0, 0, false);
    expect(fair.charge(0, 0, SLICE_NS)).toBe(false);
    fair.enqueue(0, 1, false);
    expect(fair.charge(0, 0, SLICE_NS - 1)).toBe(false);
    expect(fair.charge(0, 0, 1)).toBe(true);
  });

  it('keeps the running thread until its slice ends or it is owed nothing (RUN_TO_PARITY)', () => {
    const fair = create(3);
    for (const id of [0, 1]) fair.attach(id, 1024);
    fair.attach(2, 1024 * 8);
    fair.enqueue(0, 0, false);
    fair.enqueue(0, 1, false);
    const first = fair.pick(0, -1);
    fair.protect(first);
    fair.enqueue(0, 2, false);
    // Thread 2 has the earlier deadline and is eligible, but `first` is protected.
    expect(fair.pick(0, -1)).toBe(2);
    expect(fair.pick(0, first)).toBe(first);
    fair.charge(0, first, 2_000_000);
    expect(fair.pick(0, first)).toBe(2);
  });

  it('restores the lag of a sleeper when it wakes up', () => {
    const fair = create(3);
    for (const id of [0, 1, 2]) fair.attach(id, 1024);
    for (const id of [0, 1, 2]) fair.enqueue(0, id, false);
    fair.charge(0, 0, 2_000_000);
    fair.dequeue(0, 0, true);
    const lag = fair.field(0, FairField.Lag);
    expect(lag).toBeLessThan(0);
    fair.charge(0, 1, 500_000);
    fair.enqueue(0, 0, false);
    const restored = fair.averageVruntime(0) - fair.field(0, FairField.Vruntime);
    expect(Math.abs(restored - lag)).toBeLessThanOrEqual(2);
  });

  it('clamps the lag of a sleeper to two slices', () => {
    const fair = create(2);
    for (const id of [0, 1]) fair.attach(id, 1024);
    for (const id of [0, 1]) fair.enqueue(0, id, false);
    fair.charge(0, 0, 1_000_000_000);
    fair.dequeue(0, 1, true);
    expect(fair.field(1, FairField.Lag)).toBe(2 * SLICE_NS);
  });

  it('takes the rest of a request along when a thread moves, but not when it sleeps', () => {
    const fair = create(2);
    for (const id of [0, 1]) fair.attach(id, 1024);
    for (const id of [0, 1]) fair.enqueue(0, id, false);
    const rest = (): number =>
      fair.field(0, FairField.Deadline) - fair.field(0, FairField.Vruntime);
    fair.charge(0, 0, 1_000_000);
    fair.dequeue(0, 0, false);
    fair.enqueue(0, 0, false);
    expect(rest()).toBe(2_000_000);
    fair.dequeue(0, 0, true);
    fair.enqueue(0, 0, false);
    expect(rest()).toBe(SLICE_NS);
  });

  it('lets the others run when every thread does nothing but yield', () => {
    const fair = create(3);
    for (const id of [0, 1, 2]) fair.attach(id, 1024);
    for (const id of [0, 1, 2]) fair.enqueue(0, id, false);
    const turns = [0, 0, 0];
    let current = -1;
    for (let round = 0; round < 300; round++) {
      current = fair.pick(0, current);
      fair.protect(current);
      turns[current]! += 1;
      fair.yield(0, current);
    }
    expect(Math.min(...turns)).toBeGreaterThan(90);
  });

  it('charges a yield as if the request had been used, but nothing to a lone thread', () => {
    const fair = create(2);
    for (const id of [0, 1]) fair.attach(id, 1024);
    fair.enqueue(0, 0, false);
    fair.yield(0, 0);
    expect(fair.field(0, FairField.Vruntime)).toBe(0);
    fair.enqueue(0, 1, false);
    fair.yield(0, 0);
    expect(fair.field(0, FairField.Vruntime)).toBe(SLICE_NS);
  });
});
