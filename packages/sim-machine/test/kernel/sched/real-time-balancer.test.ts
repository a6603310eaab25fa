import { describe, expect, it } from 'vitest';
import { Placement } from '../../../src/kernel/sched/placement.js';
import { RealTimeBalancer } from '../../../src/kernel/sched/real-time-balancer.js';
import { DequeueReason } from '../../../src/kernel/sched/run-queues.js';
import { MachineFixture } from './machine-fixture.js';

function create(ordered: boolean): { machine: MachineFixture; balancer: RealTimeBalancer } {
  const cpus = [0, 1, 2, 3];
  const machine = new MachineFixture({ cpus, nodeOf: (cpu) => cpu >> 1, ordered });
  const placement = new Placement(machine.queues, machine);
  return { machine, balancer: new RealTimeBalancer(machine.queues, machine, placement, cpus) };
}

describe.each([
  ['ordered', true],
  ['unordered', false],
])('RealTimeBalancer, %s', (_, ordered) => {
  it('pushes a waiting thread to where the lowest rank runs, near first', () => {
    const { machine, balancer } = create(ordered);
    machine.realTime(1, 50, 0);
    machine.current.set(0, 1);
    expect(balancer.pushCandidate(0)).toBe(-1);
    machine.realTime(2, 40, 0);
    expect(balancer.pushCandidate(0)).toBe(2);
    expect(balancer.pushTarget(0, 2)).toBe(1);
    machine.fair(3, 1);
    expect(balancer.pushTarget(0, 2)).toBe(2);
  });

  it('pushes the highest waiting thread that has somewhere to go', () => {
    const { machine, balancer } = create(ordered);
    machine.realTime(1, 50, 0);
    machine.current.set(0, 1);
    machine.realTime(2, 49, 0);
    machine.realTime(3, 48, 0);
    machine.affinity.set(2, new Set([0]));
    expect(balancer.pushCandidate(0)).toBe(3);
  });

  it('pushes nothing when all other CPUs run equals or better', () => {
    const { machine, balancer } = create(ordered);
    for (const cpu of [0, 1, 2, 3]) {
      machine.realTime(cpu, 50, cpu);
      machine.current.set(cpu, cpu);
    }
    machine.realTime(10, 50, 0);
    expect(balancer.pushCandidate(0)).toBe(-1);
  });

  it('pulls the highest waiting thread of the machine, not a running one', () => {
    const { machine, balancer } = create(ordered);
    for (const cpu of [0, 1, 2]) {
      machine.realTime(cpu, 90, cpu);
      machine.current.set(cpu, cpu);
    }
    expect(balancer.pullCandidate(3)).toBe(-1);
    machine.realTime(10, 30, 0);
    machine.realTime(11, 40, 1);
    machine.realTime(12, 35, 2);
    expect(balancer.pullCandidate(3)).toBe(11);
    machine.affinity.set(11, new Set([1]));
    expect(balancer.pullCandidate(3)).toBe(12);
  });

  it('counts the CPUs that have more than one real-time thread', () => {
    const { machine } = create(ordered);
    const { realTime } = machine.queues;
    for (let thread = 0; thread < 6; thread++) machine.realTime(thread, 10, thread % 2);
    expect(realTime.overloadedCpus).toBe(2);
    for (let thread = 0; thread < 4; thread++)
      machine.queues.dequeue(thread % 2, thread, DequeueReason.Sleep);
    expect(realTime.overloadedCpus).toBe(0);
  });

  it('pulls nothing that does not outrank what is queued here', () => {
    const { machine, balancer } = create(ordered);
    machine.realTime(1, 90, 0);
    machine.current.set(0, 1);
    machine.realTime(2, 30, 0);
    machine.realTime(3, 30, 3);
    expect(balancer.pullCandidate(3)).toBe(-1);
    machine.queues.dequeue(3, 3, DequeueReason.Sleep);
    expect(balancer.pullCandidate(3)).toBe(2);
  });
});
