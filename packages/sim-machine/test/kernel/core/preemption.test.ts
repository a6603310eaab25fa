import { describe, expect, it } from 'vitest';
import { SwitchReason } from '../../../src/kernel/exit-work.js';
import { schedYield } from '../../../src/kernel/libc/scheduling.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import { ScriptedMachine, migrate, preempt, step, tick } from './scripted-machine.js';

function* fences(t: Thread): Operation<void> {
  for (let i = 0; i < 3; i++) yield* t.fence();
}

function machineWith(threads: number, cpus = 1): ScriptedMachine {
  const scripted = new ScriptedMachine({ cpus });
  for (let i = 0; i < threads; i++) scripted.process.spawn(fences);
  return scripted;
}

describe('a preemption', () => {
  it('puts a queued thread in the place of the running one, which stays runnable', () => {
    const scripted = machineWith(2);
    const switches = scripted.heard('switch');
    scripted.decide();
    expect(switches).toEqual([{ cpu: 0, previous: -1, next: 0, reason: SwitchReason.Preempted }]);
    scripted.decide(preempt(0, 1));
    expect(scripted.current(0)).toBe(1);
    expect([...scripted.machine.threads.state.subarray(0, 2)]).toEqual([
      ThreadState.Runnable,
      ThreadState.Runnable,
    ]);
    expect(switches[1]).toEqual({ cpu: 0, previous: 0, next: 1, reason: SwitchReason.Preempted });
  });

  it('lets a thread go on later where it was, registers and all', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const word = scripted.word();
    const results: number[] = [];
    scripted.process.spawn(function* adding(t) {
      for (let i = 0; i < 3; i++) results.push(yield* t.fetchAdd(word, 1));
    });
    scripted.process.spawn(function* adding(t) {
      for (let i = 0; i < 3; i++) yield* t.fetchAdd(word, 100);
    });
    scripted.decide(
      step(0),
      preempt(0, 1),
      step(0),
      step(0),
      preempt(0, 0),
      step(0),
      preempt(0, 1),
    );
    scripted.decide(step(0), preempt(0, 0), step(0));
    expect(results).toEqual([0, 201, 302]);
    expect(scripted.finish()).toBe('finished');
  });

  it('can choose any of several queued threads', () => {
    for (const next of [1, 2, 3]) {
      const scripted = machineWith(4);
      scripted.decide(preempt(0, next));
      expect(scripted.current(0)).toBe(next);
    }
  });

  it.each([
    ['the running thread itself', preempt(0, 0)],
    ['a thread of another CPU', preempt(0, 1)],
    ['a CPU that idles', preempt(2, 0)],
    ['a thread that does not exist', preempt(0, 40)],
    ['a CPU that does not exist', preempt(9, 0)],
  ])('is refused for %s', (_what, decision) => {
    const scripted = machineWith(2, 3);
    expect(() => scripted.decide(decision)).toThrow(
      expect.objectContaining({ code: 'ERR_DECISION' }),
    );
    expect([scripted.current(0), scripted.current(1), scripted.current(2)]).toEqual([0, 1, -1]);
  });

  it('is refused while a real-time thread runs', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const realTime = { policy: 'fifo', priority: 5 } as const;
    scripted.process.spawn(fences, { realTime });
    scripted.process.spawn(fences);
    scripted.process.spawn(fences, { realTime });
    for (const next of [1, 2])
      expect(() => scripted.decide(preempt(0, next))).toThrow(
        expect.objectContaining({ code: 'ERR_DECISION' }),
      );
  });
});

describe('a step', () => {
  it.each([
    ['of no instructions', step(0, 0)],
    ['on a CPU that idles', step(2, 1)],
    ['on a CPU that does not exist', step(9, 1)],
  ])('is refused %s', (_what, decision) => {
    const scripted = machineWith(2, 3);
    expect(() => scripted.decide(decision)).toThrow(
      expect.objectContaining({ code: 'ERR_DECISION' }),
    );
  });
});

describe('a CPU that becomes free', () => {
  it('is asked who goes next, in the order of thread numbers, of several candidates only', () => {
    const scripted = machineWith(3);
    scripted.answer(1);
    scripted.decide();
    expect(scripted.questions).toEqual([3]);
    expect(scripted.current(0)).toBe(1);
    scripted.answer(1);
    scripted.finish();
    expect(scripted.questions).toEqual([3, 2]);
  });

  it('gives the CPU to the highest class: real-time threads by priority, then the others', () => {
    const order: number[] = [];
    const scripted = new ScriptedMachine({ cpus: 1 });
    function* noting(t: Thread): Operation<void> {
      order.push(t.id);
      yield* t.fence();
    }
    scripted.process.spawn(noting);
    scripted.process.spawn(noting, { realTime: { policy: 'fifo', priority: 1 } });
    scripted.process.spawn(noting, { realTime: { policy: 'rr', priority: 99 } });
    expect(scripted.finish()).toBe('finished');
    expect(order).toEqual([2, 1, 0]);
  });

  it('idles when no thread is left', () => {
    const scripted = machineWith(1, 2);
    const switches = scripted.heard('switch');
    scripted.finish();
    expect(switches.at(-1)).toEqual({ cpu: 0, previous: 0, next: -1, reason: SwitchReason.Exited });
    expect(scripted.current(0)).toBe(-1);
  });
});

describe('sched_yield', () => {
  it.each<[number, string[]]>([
    [0, ['before', 'other', 'after']],
    [1, ['before', 'after', 'other']],
  ])('lets another one of the CPU go first, or none by the last answer: %i', (answer, expected) => {
    const order: string[] = [];
    const scripted = new ScriptedMachine({ cpus: 1 });
    scripted.process.spawn(function* yielding(t) {
      order.push('before');
      yield* schedYield(t);
      order.push('after');
    });
    scripted.process.spawn(function* other(t) {
      order.push('other');
      yield* t.fence();
    });
    scripted.answer(0, answer);
    scripted.finish();
    expect(order).toEqual(expected);
  });
});

describe('a tick', () => {
  it('ends the quantum of a round-robin thread among equals, and changes nothing else', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const realTime = { policy: 'rr', priority: 5 } as const;
    scripted.process.spawn(fences, { realTime });
    scripted.process.spawn(fences, { realTime });
    scripted.decide();
    const before = scripted.current(0);
    scripted.decide(tick(0));
    expect(scripted.current(0)).toBe(1 - before);
  });

  it('leaves a time-shared thread on the CPU under a free director', () => {
    const scripted = machineWith(2);
    scripted.decide(tick(0), tick(0));
    expect(scripted.current(0)).toBe(0);
  });

  it('is refused on a CPU that idles', () => {
    const scripted = machineWith(1, 2);
    expect(() => scripted.decide(tick(1))).toThrow(/got Tick\(1, 0\)$/);
  });
});

describe('a real-time thread', () => {
  it('preempts a time-shared one as soon as it is runnable on the CPU', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    scripted.process.spawn(fences, { cpu: 0 });
    scripted.process.spawn(fences, { cpu: 1, realTime: { policy: 'fifo', priority: 1 } });
    scripted.decide(step(0));
    scripted.decide(migrate(1, 0));
    expect([scripted.current(0), scripted.current(1)]).toEqual([1, -1]);
  });
});
