import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { DequeueReason, EnqueueReason, RunQueues } from '../../../src/kernel/sched/run-queues.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';
import { MachineFixture } from './machine-fixture.js';

const { Normal, Batch, Idle, Fifo } = SchedulingPolicy;

describe.each([
  ['ordered', true],
  ['unordered', false],
])('RunQueues, %s', (_, ordered) => {
  it('enumerates exactly the runnable threads of each CPU, for any history', () => {
    const operation = fc.record({
      thread: fc.nat(15),
      cpu: fc.nat(2),
      priority: fc.nat(2),
      change: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 100 }), (operations) => {
        const machine = new MachineFixture({ cpus: [0, 1, 2], ordered });
        const { queues } = machine;
        const home = new Map<number, number>();
        const priorities = new Map<number, number>();
        for (let thread = 0; thread < 16; thread++) queues.attach(thread, Normal, 0, 0);
        for (const { thread, cpu, priority, change } of operations) {
          const where = home.get(thread);
          if (change) {
            queues.setPolicy(thread, priority > 0 ? Fifo : Normal, priority, 0);
            priorities.set(thread, priority);
          } else if (where === undefined) {
            queues.enqueue(cpu, thread, EnqueueReason.Wakeup);
            home.set(thread, cpu);
          } else {
            queues.dequeue(where, thread, DequeueReason.Sleep);
            home.delete(thread);
          }
          for (const queue of [0, 1, 2]) {
            const members = [...home].filter(([, on]) => on === queue).map(([id]) => id);
            const priorityOf = (id: number): number => priorities.get(id) ?? 0;
            const top = Math.max(0, ...members.map(priorityOf));
            expect(machine.listed(queue).sort()).toEqual(members.sort());
            expect(queues.count(queue)).toBe(members.length);
            const candidates = machine.candidates(queue);
            if (top > 0) {
              expect(candidates).toHaveLength(1);
              expect(priorityOf(candidates[0]!)).toBe(top);
            } else expect(candidates.sort()).toEqual(members.sort());
            const pick = queues.pickNext(queue, -1);
            if (members.length === 0) expect(pick).toBe(-1);
            else expect(queues.mayRunNext(queue, pick)).toBe(true);
            for (const id of members)
              expect(queues.mayRunNext(queue, id)).toBe(candidates.includes(id));
          }
        }
      }),
    );
  });

  it('keeps a thread queued while it runs', () => {
    const machine = new MachineFixture({ ordered });
    machine.fair(1);
    machine.reschedule();
    expect(machine.queues.count(0)).toBe(1);
    expect(machine.queues.cpuOf(1)).toBe(0);
  });

  it('refuses a thread that is queued already, as a bug of the caller', () => {
    const machine = new MachineFixture({ ordered });
    machine.fair(1);
    expect(() => machine.queues.enqueue(0, 1, EnqueueReason.Wakeup)).toThrow('enqueued twice');
  });

  it('refuses to take a thread off a queue it is not on, as a bug of the caller', () => {
    const machine = new MachineFixture({ cpus: [0, 1], ordered });
    machine.fair(1);
    expect(() => machine.queues.dequeue(1, 1, DequeueReason.Sleep)).toThrow('not on');
  });

  it('always preempts an idle CPU', () => {
    const machine = new MachineFixture({ ordered });
    machine.fair(1);
    expect(machine.queues.checkPreempt(0, -1, 1)).toBe(true);
  });

  it('is empty after a reset', () => {
    const machine = new MachineFixture({ ordered });
    machine.fair(1);
    machine.realTime(2, 9);
    machine.arena.reset();
    machine.queues.reset();
    expect(machine.listed()).toEqual([]);
    expect(machine.queues.pickNext(0, -1)).toBe(-1);
    expect(machine.queues.loads.valueOf(0)).toBe(0);
    expect(machine.queues.levels.valueOf(0)).toBe(-1);
    machine.fair(1);
    expect(machine.reschedule()).toBe(1);
  });

  it('keeps the rank of what runs on a CPU: idle, time shared, real-time priority', () => {
    const machine = new MachineFixture({ ordered });
    const { levels } = machine.queues;
    expect(levels.valueOf(0)).toBe(-1);
    machine.fair(1);
    expect(levels.valueOf(0)).toBe(0);
    machine.realTime(2, 7);
    expect(levels.valueOf(0)).toBe(7);
    machine.queues.setPolicy(2, Fifo, 3, 0);
    expect(levels.valueOf(0)).toBe(3);
  });
});

describe('RunQueues of an ordered machine', () => {
  it('lets a waking thread preempt when it would be picked', () => {
    const machine = new MachineFixture();
    machine.fair(1);
    machine.reschedule();
    machine.queues.tick(0, 1, 1_000_000);
    machine.fair(2);
    // Both have received the same, and thread 1 is in its first half slice.
    expect(machine.queues.checkPreempt(0, 1, 2)).toBe(false);
    machine.queues.tick(0, 1, 100_000);
    expect(machine.queues.checkPreempt(0, 1, 2)).toBe(true);
  });

  it('never lets a batch thread preempt at wake-up', () => {
    const machine = new MachineFixture();
    machine.fair(1);
    machine.reschedule();
    machine.queues.tick(0, 1, 1_000_000);
    machine.fair(2);
    machine.queues.setPolicy(2, Batch, 0, 0);
    machine.queues.tick(0, 1, 100_000);
    expect(machine.queues.checkPreempt(0, 1, 2)).toBe(false);
  });

  it('lets any thread preempt one of SCHED_IDLE, and not the other way round', () => {
    const machine = new MachineFixture();
    machine.fair(1);
    machine.queues.setPolicy(1, Idle, 0, 0);
    machine.reschedule();
    machine.fair(2);
    expect(machine.queues.checkPreempt(0, 1, 2)).toBe(true);
    expect(machine.queues.checkPreempt(0, 2, 1)).toBe(false);
  });

  it('changes the load of the CPU with the nice value of a queued thread', () => {
    const machine = new MachineFixture();
    machine.fair(1);
    expect(machine.queues.loads.valueOf(0)).toBe(1024);
    machine.queues.setNice(1, 19);
    expect(machine.queues.loads.valueOf(0)).toBe(15);
    expect(machine.queues.parameters.nice(1)).toBe(19);
  });

  it('takes a new nice value of a sleeping thread into account when it wakes up', () => {
    const machine = new MachineFixture();
    machine.fair(1);
    machine.queues.dequeue(0, 1, DequeueReason.Sleep);
    machine.queues.setNice(1, -20);
    machine.queues.enqueue(0, 1, EnqueueReason.Wakeup);
    expect(machine.queues.loads.valueOf(0)).toBe(88761);
  });

  it('keeps no tree and no virtual time when unordered', () => {
    const machine = new MachineFixture({ ordered: false });
    expect(machine.queues.fair).toBeUndefined();
    machine.fair(1);
    machine.fair(2);
    expect(machine.queues.tick(0, 1, 1_000_000_000)).toBe(false);
  });

  it('takes the slice from the number of CPUs unless told', () => {
    const queues = new RunQueues({
      arena: new StateArena(),
      maxThreads: 2,
      cpus: [0, 1],
      nodeOf: () => 0,
      ordered: true,
    });
    for (const thread of [0, 1]) {
      queues.attach(thread, Normal, 0, 0);
      queues.enqueue(0, thread, EnqueueReason.Wakeup);
    }
    expect(queues.tick(0, 0, 1_499_999)).toBe(false);
    expect(queues.tick(0, 0, 1)).toBe(true);
  });
});
