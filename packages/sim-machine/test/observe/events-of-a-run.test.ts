import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/director/decision.js';
import { DecisionKind, decisionKind } from '../../src/director/decision.js';
import { RandomDirector } from '../../src/director/random-director.js';
import { futexWait, futexWake } from '../../src/kernel/libc/futex.js';
import { fork, waitpid } from '../../src/kernel/libc/processes.js';
import { raise, sigaction } from '../../src/kernel/libc/signals.js';
import type { KernelModule, KernelPort } from '../../src/kernel/kernel-module.js';
import { SignalNumber } from '../../src/kernel/signal/signal-number.js';
import { SyscallNumber } from '../../src/kernel/syscalls/syscall-number.js';
import { Machine } from '../../src/machine.js';
import type { MachineEventMap, MachineEventName } from '../../src/observe/machine-events.js';
import {
  ScriptedMachine,
  drain,
  migrate,
  offline,
  online,
  step,
} from '../kernel/core/scripted-machine.js';

/** A module that can announce what modules announce. */
let port: KernelPort | undefined;
const announcer: KernelModule = {
  name: 'announcer',
  attach(given) {
    port = given;
    return {};
  },
};

describe('the event', () => {
  it('spawn tells of a thread from outside, and of one that a thread made', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const spawns = scripted.heard('spawn');
    scripted.process.spawn(function* parent(t) {
      const pid = yield* fork(t, function* child() {});
      yield* waitpid(t, pid);
    });
    scripted.finish();
    expect(spawns).toEqual([
      { thread: 0, parent: -1, process: 0 },
      { thread: 1, parent: 0, process: 1 },
    ]);
  });

  it('wakeup tells whether the thread is new, and where it will run', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    const wakeups = scripted.heard('wakeup');
    scripted.process.spawn(function* sleeper(t) {
      yield* futexWait(t, word, 0);
    });
    scripted.process.spawn(function* waker(t) {
      yield* futexWake(t, word, 1);
    });
    scripted.decide(step(0, 9), step(1, 9));
    expect(wakeups).toEqual([
      { thread: 0, cpu: 0, created: true },
      { thread: 1, cpu: 1, created: true },
      { thread: 0, cpu: 0, created: false },
    ]);
  });

  it('syscall and syscallExit frame a system call; one that sleeps ends when it is woken', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const calls = scripted.heard('syscall');
    const exits = scripted.heard('syscallExit');
    scripted.process.spawn(function* asking(t) {
      yield* t.syscall(SyscallNumber.getppid);
    });
    scripted.decide(step(0));
    expect(calls).toEqual([
      { thread: 0, cpu: 0, number: SyscallNumber.getppid, args: [0, 0, 0, 0, 0, 0] },
    ]);
    expect(exits).toEqual([{ thread: 0, number: SyscallNumber.getppid, result: 0 }]);
  });

  it('access tells of loads, stores, atomics and fences in the order of memory', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const word = scripted.word(3);
    const accesses = scripted.heard('access');
    scripted.process.spawn(function* accessing(t) {
      yield* t.load(word);
      yield* t.store8(word, 4);
      yield* t.fetchAdd(word, 1);
      yield* t.fence();
    });
    scripted.finish();
    expect(accesses.map(({ kind, size, value }) => [kind, size, value])).toEqual([
      ['load', 4, 3],
      ['store', 1, 4],
      ['atomic', 4, 4],
      ['fence', 0, 0],
    ]);
    for (const access of accesses) expect(access).toMatchObject({ thread: 0, cpu: 0 });
  });

  it('access tells of a buffered store when it reaches memory', () => {
    const scripted = new ScriptedMachine({ cpus: 1, memory: 'tso' });
    const word = scripted.word();
    const accesses = scripted.heard('access');
    scripted.process.spawn(function* storing(t) {
      yield* t.store(word, 1);
      yield* t.load(word + 4);
      yield* t.load(word + 4);
    });
    scripted.decide(step(0), step(0), drain(0), step(0));
    expect(accesses.map(({ kind }) => kind)).toEqual(['load', 'store', 'load']);
  });

  it('fault tells of minor and fatal faults', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const faults = scripted.heard('fault');
    scripted.process.spawn(function* faulting(t) {
      yield* t.load(t.stackPointer - 4);
      yield* t.load(4);
    });
    scripted.finish();
    expect(faults.map(({ kind }) => kind)).toEqual(['minor', 'segv']);
  });

  it('signal tells what became of a signal: sent, handled, ignored, or its default', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const signals = scripted.heard('signal');
    scripted.process.spawn(function* raising(t) {
      yield* sigaction(t, SignalNumber.SIGUSR1, function* handler() {});
      yield* raise(t, SignalNumber.SIGUSR1);
      yield* raise(t, SignalNumber.SIGURG);
      yield* raise(t, SignalNumber.SIGTERM);
    });
    scripted.finish();
    const seen = signals.map(({ signal, action }) => `${signal} ${action}`);
    expect(seen).toContain(`${SignalNumber.SIGUSR1} sent`);
    expect(seen).toContain(`${SignalNumber.SIGUSR1} handled`);
    expect(seen).toContain(`${SignalNumber.SIGTERM} default`);
    expect(seen).toContain(`${SignalNumber.SIGURG} ignored`);
  });

  it('hotplug tells of CPUs that leave and come back', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const changes = scripted.heard('hotplug');
    scripted.process.spawn(function* busy(t) {
      for (;;) yield* t.fence();
    });
    scripted.decide(offline(1), online(1));
    expect(changes).toEqual([
      { cpu: 1, online: false },
      { cpu: 1, online: true },
    ]);
  });

  it('migration tells where from and where to', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const migrations = scripted.heard('migration');
    scripted.process.spawn(function* busy(t) {
      for (;;) yield* t.fence();
    });
    scripted.decide(migrate(0, 1));
    expect(migrations).toEqual([{ thread: 0, from: 0, to: 1 }]);
  });

  it('decision tells of every decision that was carried out, with its place in the record', () => {
    const machine = new Machine({ cpus: 2 }, new RandomDirector({ seed: 4 }));
    const process = machine.createProcess('main');
    for (let i = 0; i < 3; i++)
      process.spawn(function* busy(t) {
        for (let n = 0; n < 3; n++) yield* t.fence();
      });
    const decided: number[] = [];
    machine.events.on('decision', ({ decision, index }) => {
      expect(machine.decisions[index] === decision || machine.decisions.includes(decision)).toBe(
        true,
      );
      decided.push(decision);
    });
    machine.run();
    const made = [...machine.decisions].filter(
      (d) => decisionKind(d as Decision) !== DecisionKind.Choice,
    );
    expect(decided).toEqual(made);
  });

  it('abort is what a module announces', () => {
    const scripted = new ScriptedMachine({ cpus: 1, kernel: [announcer] });
    const aborts = scripted.heard('abort');
    port!.events.emit('abort', { thread: 0, cpu: 0, from: 4, to: 8 });
    expect(aborts).toEqual([{ thread: 0, cpu: 0, from: 4, to: 8 }]);
  });

  it('slice tells who goes on, since a module said so, when a decision would take its CPU', () => {
    const lenient = { name: 'lenient', attach: () => ({ extendsSlice: () => true }) };
    const scripted = new ScriptedMachine({ cpus: 2, kernel: [lenient] });
    const slices = scripted.heard('slice');
    for (let i = 0; i < 2; i++)
      scripted.process.spawn(
        function* busy(t) {
          for (;;) yield* t.fence();
        },
        { cpu: 0 },
      );
    scripted.decide();
    const running = scripted.machine.cpus.current[0]!;
    scripted.decide(migrate(running, 1));
    expect(slices).toEqual([{ thread: running, cpu: 0 }]);
  });

  it('exit tells of the thread and its status', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const exits = scripted.heard('exit');
    scripted.process.spawn(function* brief() {});
    scripted.finish();
    expect(exits).toEqual([{ thread: 0, status: 0 }]);
  });
});

const NAMES: Readonly<Record<MachineEventName, true>> = {
  switch: true,
  wakeup: true,
  migration: true,
  fault: true,
  signal: true,
  syscall: true,
  syscallExit: true,
  abort: true,
  cpuNumber: true,
  slice: true,
  access: true,
  spawn: true,
  exit: true,
  hotplug: true,
  decision: true,
};

describe('listening', () => {
  function outcome(names: readonly MachineEventName[]): object {
    const machine = new Machine({ cpus: 2 }, new RandomDirector({ seed: 11 }));
    for (const name of names)
      machine.events.on(name, (..._args: MachineEventMap[typeof name]) => {});
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    for (let i = 0; i < 3; i++)
      process.spawn(function* busy(t) {
        yield* t.fetchAdd(word, 1);
        yield* t.store(t.stackPointer - 4, yield* t.load(word));
        yield* t.syscall(SyscallNumber.gettid);
      });
    const result = machine.run();
    return { result, decisions: [...machine.decisions], value: process.read32(word) };
  }

  it.each(Object.keys(NAMES) as MachineEventName[])(
    'to %s changes nothing about the run',
    (name) => {
      expect(outcome([name])).toEqual(outcome([]));
    },
  );

  it('is noticed and forgotten: nobody listens to a machine that was just made', () => {
    const machine = new Machine({}, new RandomDirector({ seed: 1 }));
    for (const name of Object.keys(NAMES) as MachineEventName[])
      expect(machine.events.wanted[name]).toBe(false);
  });

  it('may begin and end in the middle of a run', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const word = scripted.word();
    scripted.process.spawn(function* counting(t) {
      for (;;) yield* t.fetchAdd(word, 1);
    });
    scripted.decide(step(0), step(0));
    const seen: number[] = [];
    const listener = ({ value }: { value: number }): void => void seen.push(value);
    scripted.machine.events.on('access', listener);
    scripted.decide(step(0), step(0));
    scripted.machine.events.off('access', listener);
    scripted.decide(step(0));
    expect(seen).toEqual([2, 3]);
    expect(scripted.process.read32(word)).toBe(5);
  });
});
