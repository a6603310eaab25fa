import { describe, expect, it } from 'vitest';
import { Placement } from '../../../src/kernel/sched/placement.js';
import { MachineFixture } from './machine-fixture.js';

const THREAD = 50;

/** Two nodes of two CPUs: 0 and 1, 2 and 3. */
function create(ordered: boolean): { machine: MachineFixture; placement: Placement } {
  const machine = new MachineFixture({
    cpus: [0, 1, 2, 3],
    nodeOf: (cpu) => cpu >> 1,
    ordered,
  });
  return { machine, placement: new Placement(machine.queues, machine) };
}

describe.each([
  ['ordered', true],
  ['unordered', false],
])('Placement of a time-shared thread, %s', (_, ordered) => {
  it('goes back to the previous CPU when that idles', () => {
    const { machine, placement } = create(ordered);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(3);
    machine.fair(1, 0);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(3);
  });

  it('prefers an idle CPU near the waker to one near the previous CPU', () => {
    const { machine, placement } = create(ordered);
    machine.fair(1, 3);
    machine.fair(2, 0);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(1);
  });

  it('takes an idle CPU near the previous one when the waker has none', () => {
    const { machine, placement } = create(ordered);
    for (const cpu of [0, 1, 3]) machine.fair(cpu, cpu);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(2);
  });

  it('looks near the previous CPU when a timer wakes the thread', () => {
    const { machine, placement } = create(ordered);
    machine.fair(1, 3);
    expect(placement.onWakeup(THREAD, 3, -1)).toBe(2);
  });

  it('takes the least loaded CPU when none idles, the lowest id of equals', () => {
    const { machine, placement } = create(ordered);
    for (const cpu of [0, 1, 2, 3]) machine.fair(cpu, cpu);
    machine.fair(10, 0);
    machine.fair(11, 1);
    machine.fair(12, 3);
    expect(placement.onWakeup(THREAD, 0, 0)).toBe(2);
    machine.fair(13, 2);
    expect(placement.onWakeup(THREAD, 3, 3)).toBe(0);
  });

  it('never leaves the affinity mask', () => {
    const { machine, placement } = create(ordered);
    machine.affinity.set(THREAD, new Set([3]));
    machine.fair(1, 3);
    machine.fair(2, 3);
    expect(placement.onWakeup(THREAD, 0, 0)).toBe(3);
    expect(placement.onFork(THREAD, 0)).toBe(3);
  });

  it('never chooses an offline CPU', () => {
    const { machine, placement } = create(ordered);
    machine.offline.add(3);
    expect(placement.onWakeup(THREAD, 3, 3)).toBe(2);
    machine.queues.setOnline(2, false);
    machine.offline.add(2);
    expect(placement.onWakeup(THREAD, 3, 3)).toBe(0);
  });

  it('answers -1 when no online CPU is allowed', () => {
    const { machine, placement } = create(ordered);
    machine.affinity.set(THREAD, new Set([2]));
    machine.offline.add(2);
    expect(placement.onWakeup(THREAD, 2, 0)).toBe(-1);
    expect(placement.onFork(THREAD, 2)).toBe(-1);
  });

  it('puts a new thread into the node of its parent unless it is less loaded elsewhere', () => {
    const { machine, placement } = create(ordered);
    expect(placement.onFork(THREAD, 3)).toBe(2);
    machine.fair(1, 2);
    expect(placement.onFork(THREAD, 3)).toBe(3);
    machine.fair(2, 3);
    expect(placement.onFork(THREAD, 3)).toBe(0);
  });
});

describe('Placement by weight', () => {
  it('prefers two nice threads to one of nice 0', () => {
    const { machine, placement } = create(true);
    for (const cpu of [0, 1, 3]) machine.fair(cpu, cpu);
    machine.fair(10, 2, 19);
    machine.fair(11, 2, 19);
    expect(placement.onWakeup(THREAD, 0, 0)).toBe(2);
  });

  it('keeps time-shared threads off a CPU that runs a real-time one', () => {
    const { machine, placement } = create(true);
    for (const cpu of [0, 1, 2]) {
      machine.fair(cpu, cpu);
      machine.fair(10 + cpu, cpu);
    }
    machine.realTime(20, 1, 3);
    expect(placement.onWakeup(THREAD, 3, 3)).toBe(0);
  });
});

describe.each([
  ['ordered', true],
  ['unordered', false],
])('Placement of a real-time thread, %s', (_, ordered) => {
  const attach = (machine: MachineFixture, priority: number): void =>
    machine.queues.attach(THREAD, 1, priority, 0);

  it('stays where it preempts what runs', () => {
    const { machine, placement } = create(ordered);
    attach(machine, 50);
    machine.realTime(1, 49, 3);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(3);
  });

  it('goes where the lowest rank runs when its CPU is busy with an equal', () => {
    const { machine, placement } = create(ordered);
    attach(machine, 50);
    machine.realTime(1, 50, 3);
    machine.fair(2, 2);
    machine.fair(3, 0);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(1);
    machine.fair(4, 1);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(2);
  });

  it('stays and waits when it would have to wait everywhere', () => {
    const { machine, placement } = create(ordered);
    attach(machine, 50);
    for (const cpu of [0, 1, 2, 3]) machine.realTime(cpu, 60, cpu);
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(3);
  });

  it('leaves a CPU it may not run on even when it has to wait', () => {
    const { machine, placement } = create(ordered);
    attach(machine, 50);
    for (const cpu of [0, 1, 2, 3]) machine.realTime(cpu, 60, cpu);
    machine.affinity.set(THREAD, new Set([1, 2]));
    expect(placement.onWakeup(THREAD, 3, 0)).toBe(2);
  });
});
