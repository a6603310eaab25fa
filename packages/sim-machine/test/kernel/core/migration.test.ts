import { describe, expect, it } from 'vitest';
import { SwitchReason } from '../../../src/kernel/exit-work.js';
import { futexWait, futexWake } from '../../../src/kernel/libc/futex.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { ScriptedMachine, drain, migrate, offline, online, step } from './scripted-machine.js';

function* fences(t: Thread): Operation<void> {
  for (let i = 0; i < 3; i++) yield* t.fence();
}

describe('a new thread', () => {
  it('starts on the CPU with the fewest threads, the lowest of these', () => {
    const scripted = new ScriptedMachine({ cpus: 3 });
    for (let i = 0; i < 5; i++) scripted.process.spawn(fences);
    expect([...scripted.machine.threads.cpu.subarray(0, 5)]).toEqual([0, 1, 2, 0, 1]);
  });

  it('starts on the CPU that its options name', () => {
    const scripted = new ScriptedMachine({ cpus: 3 });
    scripted.process.spawn(fences, { cpu: 2 });
    scripted.decide();
    expect([scripted.current(0), scripted.current(2)]).toEqual([-1, 0]);
  });

  it('starts within its affinity mask', () => {
    const scripted = new ScriptedMachine({ cpus: '0-2,9' });
    for (let i = 0; i < 3; i++) scripted.process.spawn(fences, { affinity: [2, 9] });
    expect([...scripted.machine.threads.cpu.subarray(0, 3)]).toEqual([2, 9, 2]);
  });

  it('starts on no CPU that is offline', () => {
    const scripted = new ScriptedMachine({ cpus: { cpus: 3, online: [1] } });
    for (let i = 0; i < 2; i++) scripted.process.spawn(fences);
    expect([...scripted.machine.threads.cpu.subarray(0, 2)]).toEqual([1, 1]);
  });
});

describe('a migration', () => {
  it('takes a running thread off its CPU and starts it on one that idles', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    scripted.process.spawn(fences, { cpu: 0 });
    scripted.decide(step(0));
    const migrations = scripted.heard('migration');
    const switches = scripted.heard('switch');
    scripted.decide(migrate(0, 1));
    expect(migrations).toEqual([{ thread: 0, from: 0, to: 1 }]);
    expect(switches).toEqual([
      { cpu: 0, previous: 0, next: -1, reason: SwitchReason.Migrated },
      { cpu: 1, previous: -1, next: 0, reason: SwitchReason.Preempted },
    ]);
    expect([scripted.current(0), scripted.current(1)]).toEqual([-1, 0]);
  });

  it('queues a thread on a CPU that is busy, and leaves the next one of the first CPU to run', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    for (const cpu of [0, 0, 1]) scripted.process.spawn(fences, { cpu });
    scripted.decide(migrate(0, 1));
    expect([scripted.current(0), scripted.current(1)]).toEqual([1, 2]);
    expect(scripted.machine.threads.cpu[0]).toBe(1);
  });

  it('of a queued thread switches nobody where it came from', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    for (const cpu of [0, 0]) scripted.process.spawn(fences, { cpu });
    scripted.decide();
    const switches = scripted.heard('switch');
    scripted.decide(migrate(1, 1));
    expect(switches.map(({ cpu }) => cpu)).toEqual([1]);
  });

  it('lets the thread go on where it was', () => {
    const scripted = new ScriptedMachine({ cpus: 3 });
    const word = scripted.word();
    scripted.process.spawn(function* adding(t) {
      for (let i = 0; i < 3; i++) yield* t.fetchAdd(word, 1);
    });
    scripted.decide(step(0), migrate(0, 2), step(2), migrate(0, 1), step(1), migrate(0, 0));
    expect(scripted.process.read32(word)).toBe(3);
    expect(scripted.finish(0)).toBe('finished');
  });

  it('makes the stores in the buffer of the CPU that is left visible', () => {
    const scripted = new ScriptedMachine({ cpus: 2, memory: 'tso' });
    const word = scripted.word();
    scripted.process.spawn(function* storing(t) {
      yield* t.store(word, 1);
      yield* t.load(word);
    });
    scripted.decide(step(0));
    expect(scripted.process.read32(word)).toBe(0);
    scripted.decide(migrate(0, 1));
    expect(scripted.process.read32(word)).toBe(1);
    expect(() => scripted.decide(drain(0))).toThrow(
      expect.objectContaining({ code: 'ERR_DECISION' }),
    );
  });

  it.each([
    ['to the CPU where the thread is', migrate(0, 0)],
    ['to a CPU that does not exist', migrate(0, 5)],
    ['to a CPU that is offline', migrate(0, 2)],
    ['to a CPU outside of its affinity mask', migrate(1, 0)],
    ['of a thread that does not exist', migrate(7, 1)],
  ])('is refused %s', (_what, decision) => {
    const scripted = new ScriptedMachine({ cpus: { cpus: 3, online: [0, 1] } });
    scripted.process.spawn(fences, { cpu: 0 });
    scripted.process.spawn(fences, { affinity: [1, 2] });
    expect(() => scripted.decide(decision)).toThrow(
      expect.objectContaining({ code: 'ERR_DECISION' }),
    );
    expect([...scripted.machine.threads.cpu.subarray(0, 2)]).toEqual([0, 1]);
  });

  it('is refused for a thread that sleeps, and for one that has exited', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    scripted.process.spawn(function* sleeper(t) {
      yield* futexWait(t, word, 0);
    });
    scripted.process.spawn(function* brief() {}, { cpu: 1 });
    scripted.process.spawn(fences, { cpu: 1 });
    scripted.decide(step(0, 10), step(1, 10));
    for (const thread of [0, 1])
      expect(() => scripted.decide(migrate(thread, 1 - thread))).toThrow(
        expect.objectContaining({ code: 'ERR_DECISION' }),
      );
  });
});

describe('a thread that wakes', () => {
  it('is runnable on the CPU where it slept, and wakes its CPU up', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    scripted.process.spawn(function* sleeper(t) {
      yield* futexWait(t, word, 0);
    });
    scripted.process.spawn(function* waker(t) {
      yield* futexWake(t, word, 1);
    });
    scripted.decide(step(0, 10));
    expect(scripted.current(0)).toBe(-1);
    const wakeups = scripted.heard('wakeup');
    scripted.decide(step(1));
    expect(wakeups).toEqual([{ thread: 0, cpu: 0, created: false }]);
    expect(scripted.current(0)).toBe(0);
  });

  it('moves when its CPU went offline while it slept, and says so', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    scripted.process.spawn(function* sleeper(t) {
      yield* futexWait(t, word, 0);
    });
    scripted.process.spawn(function* waker(t) {
      yield* futexWake(t, word, 1);
      yield* t.fence();
    });
    scripted.decide(step(0, 10), offline(0));
    const migrations = scripted.heard('migration');
    scripted.decide(step(1));
    expect(migrations).toEqual([{ thread: 0, from: 0, to: 1 }]);
    scripted.decide(online(0), migrate(0, 0));
    expect(scripted.current(0)).toBe(0);
  });
});
