import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadBalancer } from '../../../src/kernel/sched/load-balancer.js';
import { DequeueReason, EnqueueReason } from '../../../src/kernel/sched/run-queues.js';
import { MachineFixture } from './machine-fixture.js';

interface Balanced {
  readonly machine: MachineFixture;
  readonly balancer: LoadBalancer;
}

function create(ordered = true): Balanced {
  const machine = new MachineFixture({
    cpus: [0, 1, 2, 3],
    nodeOf: (cpu) => cpu >> 1,
    threads: 256,
    ordered,
  });
  return { machine, balancer: new LoadBalancer(machine.queues, machine) };
}

/** Pulls to the CPU until it has nothing more to pull; returns how many were moved. */
function balance({ machine, balancer }: Balanced, cpu: number): number {
  const { queues } = machine;
  for (let moved = 0; ; moved++) {
    const thread = balancer.pullCandidate(cpu);
    if (thread < 0) return moved;
    queues.dequeue(queues.cpuOf(thread), thread, DequeueReason.Migrate);
    queues.enqueue(cpu, thread, EnqueueReason.Migrate);
  }
}

describe('LoadBalancer', () => {
  it('evens out equal threads', () => {
    const balanced = create();
    const { queues } = balanced.machine;
    for (let thread = 0; thread < 8; thread++) balanced.machine.fair(thread, 0);
    balanced.machine.reschedule(0);
    for (const cpu of [1, 2, 3, 1, 2, 3]) balance(balanced, cpu);
    const counts = [0, 1, 2, 3].map((cpu) => queues.count(cpu));
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('gives an idling CPU one of two threads, but not the running one', () => {
    const { machine, balancer } = create();
    machine.fair(1, 0);
    expect(balancer.pullCandidate(1)).toBe(-1);
    machine.fair(2, 0);
    machine.current.set(0, 1);
    expect(balancer.pullCandidate(1)).toBe(2);
    machine.current.set(0, 2);
    expect(balancer.pullCandidate(1)).toBe(1);
  });

  it('pulls from its own node first', () => {
    const { machine, balancer } = create();
    for (let thread = 0; thread < 2; thread++) machine.fair(thread, 1);
    for (let thread = 10; thread < 20; thread++) machine.fair(thread, 2);
    machine.current.set(1, 0);
    machine.current.set(2, 10);
    expect(balancer.pullCandidate(0)).toBe(1);
  });

  it('passes over a CPU whose threads may all not move', () => {
    const { machine, balancer } = create();
    for (let thread = 0; thread < 4; thread++) {
      machine.fair(thread, 1);
      machine.affinity.set(thread, new Set([1]));
    }
    for (let thread = 10; thread < 12; thread++) machine.fair(thread, 3);
    machine.current.set(3, 10);
    expect(balancer.pullCandidate(0)).toBe(11);
  });

  it('leaves real-time threads alone', () => {
    const { machine, balancer } = create();
    machine.realTime(1, 5, 0);
    machine.realTime(2, 5, 0);
    machine.current.set(0, 1);
    expect(balancer.pullCandidate(1)).toBe(-1);
  });

  it('does not move a thread whose move would not lessen the imbalance', () => {
    const { machine, balancer } = create();
    machine.fair(1, 0, 19);
    machine.fair(2, 0, -20);
    machine.fair(3, 1, 0);
    machine.current.set(0, 1);
    // Moving thread 2 would leave CPU 1 busier than CPU 0 was.
    expect(balancer.pullCandidate(1)).toBe(-1);
  });

  it('takes nothing from an offline CPU', () => {
    const { machine, balancer } = create();
    for (let thread = 0; thread < 4; thread++) machine.fair(thread, 0);
    machine.offline.add(0);
    expect(balancer.pullCandidate(1)).toBe(-1);
  });

  it('comes to an end and never moves a running or a forbidden thread, for any load', () => {
    const thread = fc.record({
      cpu: fc.nat(3),
      nice: fc.integer({ min: -20, max: 19 }),
      allowed: fc.uniqueArray(fc.nat(3)),
    });
    fc.assert(
      fc.property(
        fc.array(thread, { maxLength: 40 }),
        fc.array(fc.nat(3), { maxLength: 20 }),
        fc.boolean(),
        (threads, pulls, ordered) => {
          const balanced = create(ordered);
          const { machine } = balanced;
          const { queues } = machine;
          for (const [id, { cpu, nice, allowed }] of threads.entries()) {
            machine.affinity.set(id, new Set([cpu, ...allowed]));
            machine.fair(id, cpu, nice);
          }
          for (const cpu of [0, 1, 2, 3]) machine.reschedule(cpu);
          const running = new Map(machine.current);
          const spread = (): number =>
            [0, 1, 2, 3].reduce((sum, cpu) => sum + queues.loads.valueOf(cpu) ** 2, 0);
          let before = spread();
          for (const cpu of pulls) {
            const moved = balance(balanced, cpu);
            if (moved > 0) expect(spread()).toBeLessThan(before);
            before = spread();
          }
          for (const [id, { cpu, allowed }] of threads.entries())
            expect([cpu, ...allowed]).toContain(queues.cpuOf(id));
          for (const [cpu, id] of running) if (id >= 0) expect(queues.cpuOf(id)).toBe(cpu);
        },
      ),
    );
  });
});
