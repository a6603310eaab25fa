import { describe, expect, it } from 'vitest';
import { ROUND_ROBIN_SLICE_NS } from '../../../src/kernel/sched/real-time-class.js';
import { DequeueReason, EnqueueReason } from '../../../src/kernel/sched/run-queues.js';
import { SchedulingPolicy } from '../../../src/kernel/sched/scheduling-policy.js';
import { MachineFixture } from './machine-fixture.js';

const A = 1;
const B = 2;
const C = 3;
const HIGH = 10;
const OTHER = 20;

/** A, B and C of priority 50 are queued in this order and A runs. */
function threeEquals(policy: number, ordered: boolean): MachineFixture {
  const machine = new MachineFixture({ ordered });
  for (const thread of [A, B, C]) machine.realTime(thread, 50, 0, policy);
  expect(machine.reschedule()).toBe(A);
  return machine;
}

/** The order in which the real-time threads would run if each ran and then blocked. */
function order(machine: MachineFixture): number[] {
  const threads: number[] = [];
  const { realTime, parameters } = machine.queues;
  let thread = realTime.head(0);
  while (thread >= 0) {
    threads.push(thread);
    thread = realTime.following(0, thread, parameters.priority(thread));
  }
  return threads;
}

/** One rule of sched(7). */
interface Rule {
  readonly rule: string;
  readonly policy?: number;
  readonly act: (machine: MachineFixture) => void;
  readonly leaves: readonly number[];
}

const { Fifo, RoundRobin, Normal } = SchedulingPolicy;

const RULES: readonly Rule[] = [
  {
    rule: 'a thread preempted by a higher priority stays at the head of its list',
    act(machine) {
      machine.realTime(HIGH, 60);
      expect(machine.queues.checkPreempt(0, A, HIGH)).toBe(true);
      expect(machine.reschedule()).toBe(HIGH);
      machine.queues.dequeue(0, HIGH, DequeueReason.Sleep);
    },
    leaves: [A, B, C],
  },
  {
    rule: 'a blocked thread that becomes runnable goes to the end of its list',
    act(machine) {
      machine.queues.dequeue(0, A, DequeueReason.Sleep);
      expect(machine.reschedule()).toBe(B);
      machine.queues.enqueue(0, A, EnqueueReason.Wakeup);
      expect(machine.queues.checkPreempt(0, B, A)).toBe(false);
    },
    leaves: [B, C, A],
  },
  {
    rule: 'sched_yield puts the thread at the end of its list',
    act: (machine) => machine.queues.yield(0, A),
    leaves: [B, C, A],
  },
  {
    rule: 'raising the priority puts the thread at the end of the list of the new priority',
    act(machine) {
      machine.realTime(HIGH, 60);
      machine.queues.setPolicy(B, Fifo, 60, 0);
    },
    leaves: [HIGH, B, A, C],
  },
  {
    rule: 'lowering the priority puts the thread at the front of the list of the new priority',
    act(machine) {
      machine.realTime(OTHER, 40);
      machine.queues.setPolicy(B, Fifo, 40, 0);
    },
    leaves: [A, C, B, OTHER],
  },
  {
    rule: 'setting the same priority again leaves the position unchanged',
    act: (machine) => machine.queues.setPolicy(B, Fifo, 50, 0),
    leaves: [A, B, C],
  },
  {
    rule: 'changing between fifo and rr at the same priority leaves the position unchanged',
    act: (machine) => machine.queues.setPolicy(B, RoundRobin, 50, 0),
    leaves: [A, B, C],
  },
  {
    rule: 'a time-shared thread that becomes real-time goes to the end of its list',
    act(machine) {
      machine.fair(OTHER);
      machine.queues.setPolicy(OTHER, Fifo, 50, 0);
    },
    leaves: [A, B, C, OTHER],
  },
  {
    rule: 'a real-time thread that becomes time-shared runs after all real-time ones',
    act: (machine) => machine.queues.setPolicy(A, Normal, 0, 0),
    leaves: [B, C],
  },
  {
    rule: 'a fifo thread has no quantum',
    act: (machine) => expect(machine.queues.tick(0, A, 100 * ROUND_ROBIN_SLICE_NS)).toBe(false),
    leaves: [A, B, C],
  },
  {
    rule: 'an rr thread that has used up its quantum goes to the end of its list',
    policy: RoundRobin,
    act(machine) {
      expect(machine.queues.tick(0, A, ROUND_ROBIN_SLICE_NS - 1)).toBe(false);
      expect(machine.queues.tick(0, A, 1)).toBe(true);
    },
    leaves: [B, C, A],
  },
  {
    rule: 'an rr thread that was preempted completes the rest of its quantum',
    policy: RoundRobin,
    act(machine) {
      machine.queues.tick(0, A, ROUND_ROBIN_SLICE_NS - 10);
      machine.realTime(HIGH, 60);
      expect(machine.reschedule()).toBe(HIGH);
      machine.queues.dequeue(0, HIGH, DequeueReason.Sleep);
      expect(machine.reschedule()).toBe(A);
      expect(machine.queues.tick(0, A, 9)).toBe(false);
      expect(machine.queues.tick(0, A, 1)).toBe(true);
      expect(machine.queues.tick(0, A, ROUND_ROBIN_SLICE_NS - 1)).toBe(false);
    },
    leaves: [B, C, A],
  },
  {
    rule: 'a quantum that a director ends works as one that time ended',
    policy: RoundRobin,
    act: (machine) => expect(machine.queues.endQuantum(0, A)).toBe(true),
    leaves: [B, C, A],
  },
  {
    rule: 'a quantum of a fifo thread cannot be ended',
    act: (machine) => expect(machine.queues.endQuantum(0, A)).toBe(false),
    leaves: [A, B, C],
  },
];

describe.each([
  ['ordered', true],
  ['unordered', false],
])('the real-time rules of sched(7), %s', (_, ordered) => {
  it.each(RULES)('$rule', ({ policy, act, leaves }) => {
    const machine = threeEquals(policy ?? Fifo, ordered);
    act(machine);
    expect(order(machine)).toEqual(leaves);
    expect(machine.queues.realTime.count(0)).toBe(leaves.length);
  });

  it('runs every real-time thread before every time-shared one', () => {
    const machine = new MachineFixture({ ordered });
    machine.fair(OTHER, 0, -20);
    machine.realTime(A, 1);
    expect(machine.reschedule()).toBe(A);
    expect(machine.queues.checkPreempt(0, OTHER, A)).toBe(true);
    expect(machine.queues.checkPreempt(0, A, OTHER)).toBe(false);
  });

  it('does not preempt among equals', () => {
    const machine = threeEquals(Fifo, ordered);
    expect(machine.queues.checkPreempt(0, A, B)).toBe(false);
  });

  it('a lone rr thread runs on with a fresh quantum', () => {
    const machine = new MachineFixture({ ordered });
    machine.realTime(A, 50, 0, RoundRobin);
    expect(machine.queues.tick(0, A, ROUND_ROBIN_SLICE_NS)).toBe(false);
    machine.realTime(B, 50, 0, RoundRobin);
    expect(machine.queues.tick(0, A, ROUND_ROBIN_SLICE_NS - 1)).toBe(false);
    expect(machine.queues.tick(0, A, 1)).toBe(true);
  });

  it.each([1, 31, 32, 63, 64, 95, 96, 99])('finds priority %i above all lower ones', (priority) => {
    const machine = new MachineFixture({ ordered, threads: 128 });
    for (let lower = 1; lower <= priority; lower++) machine.realTime(lower, lower);
    expect(machine.queues.realTime.highestPriority(0)).toBe(priority);
    expect(order(machine)).toEqual(Array.from({ length: priority }, (__, i) => priority - i));
  });
});
