import { describe, expect, it } from 'vitest';
import { DecisionKind, encodeDecision } from '../../../src/director/decision.js';
import { ExitWork } from '../../../src/kernel/exit-work.js';
import type { KernelHooks } from '../../../src/kernel/hooks.js';
import type { KernelModule, KernelPort } from '../../../src/kernel/kernel-module.js';
import { fork, waitpid } from '../../../src/kernel/libc/processes.js';
import { attach, ptrace } from '../../../src/kernel/libc/ptrace.js';
import { schedYield } from '../../../src/kernel/libc/scheduling.js';
import { sigaction, raise } from '../../../src/kernel/libc/signals.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { ScriptedMachine, step } from './scripted-machine.js';

const moduleOf = (attach: (port: KernelPort) => KernelHooks): KernelModule => ({
  name: 'under test',
  attach,
});

const machineWith = (attach: (port: KernelPort) => KernelHooks): ScriptedMachine =>
  new ScriptedMachine({ cpus: 2, kernel: [moduleOf(attach)] });

describe('syscallEnter', () => {
  it('comes before every system call, the end of a handler among them, and is paired with an exit', () => {
    const calls: unknown[] = [];
    const scripted = machineWith(() => ({
      syscallEnter: (_thread, number) => void calls.push(number),
      syscallExit: () => void calls.push('exit'),
    }));
    scripted.process.spawn(function* body(t) {
      yield* sigaction(t, SignalNumber.SIGUSR1, function* handler() {});
      yield* raise(t, SignalNumber.SIGUSR1);
    });
    scripted.finish();
    const { rt_sigaction, gettid, tkill, rt_sigreturn, exit } = SyscallNumber;
    expect(calls).toEqual([
      rt_sigaction,
      'exit',
      gettid,
      'exit',
      tkill,
      'exit',
      rt_sigreturn,
      'exit',
      exit,
    ]);
  });
});

describe('extendsSlice', () => {
  it('lets the thread go on that was about to lose its CPU, as long as it says so', () => {
    const seen: number[] = [];
    let isExtended = true;
    const scripted = machineWith(() => ({
      extendsSlice(_thread, work) {
        seen.push(work);
        return isExtended;
      },
    }));
    const { machine, process } = scripted;
    for (let i = 0; i < 2; i++)
      process.spawn(
        function* body(t) {
          for (;;) yield* schedYield(t);
        },
        { cpu: 0 },
      );
    scripted.decide();
    const first = machine.cpus.current[0]!;
    scripted.decide(step(0), step(0), step(0));
    expect(machine.cpus.current[0]).toBe(first);
    expect(machine.threads.exitWork[first]! & ExitWork.Reschedule).toBe(0);
    expect(seen.every((work) => work === 0)).toBe(true);
    expect(seen.length).toBeGreaterThan(1);
    isExtended = false;
    const before = seen.length;
    scripted.decide(step(0), step(0));
    expect(seen.length).toBeGreaterThan(before);
  });
});

describe('a request of ptrace', () => {
  it('reaches the module with tracer, tracee and operands, for stopped threads only', () => {
    const asked: number[][] = [];
    const scripted = machineWith((port) => {
      port.registerPtraceRequest(0x420f, (...args) => {
        asked.push(args);
        return 7;
      });
      return {};
    });
    const results: number[] = [];
    scripted.process.spawn(function* tracer(t) {
      const child = yield* fork(t, function* tracee(c) {
        for (;;) yield* c.fence();
      });
      results.push(yield* ptrace(t, 0x420f, child, 1, 2));
      yield* attach(t, child);
      results.push(yield* ptrace(t, 0x420f, child, 1, 2));
      yield* waitpid(t, child);
      results.push(yield* ptrace(t, 0x420f, child, 1, 2), yield* ptrace(t, 0x4210, child));
      yield* t.syscall(SyscallNumber.kill, child, SignalNumber.SIGKILL);
      yield* waitpid(t, child);
    });
    scripted.decide();
    const { cpus } = scripted.machine;
    for (let i = 0; i < 200; i++) {
      const cpu = cpus.current[i % 2]! >= 0 ? i % 2 : 1 - (i % 2);
      if (cpus.current[cpu]! < 0 || scripted.decide(step(cpu)) === 'finished') break;
    }
    expect(results.slice(0, 1)).toEqual([-3]);
    expect(results.slice(-2)).toEqual([7, -5]);
    expect(asked).toContainEqual([0, 1, 1, 2]);
  });
});

describe("the CPUs' timers", () => {
  const timerOf = (cpu: number): number => 16 + 32 + cpu;

  it('expire one a CPU, by a decision, and not when they were cancelled', () => {
    const expired: number[] = [];
    const scripted = machineWith((port) => {
      const timers = port.cpuTimers((cpu) => void expired.push(cpu));
      port.registerSyscall(400, (_thread, cpu, delayNs) => {
        if (delayNs < 0) timers.cancel(cpu);
        else timers.arm(cpu, delayNs);
        return 0;
      });
      return {};
    });
    scripted.process.spawn(function* body(t) {
      yield* t.syscall(400, 0, 500);
      yield* t.syscall(400, 1, 500);
      yield* t.syscall(400, 0, -1);
      for (;;) yield* t.fence();
    });
    scripted.decide(step(0), step(0), step(0));
    const expire = (cpu: number): string =>
      scripted.decide(encodeDecision(DecisionKind.Timer, 0, timerOf(cpu)));
    expire(1);
    expect(expired).toEqual([1]);
    expect(() => expire(0)).toThrow(expect.objectContaining({ code: 'ERR_DECISION' }));
    expect(expired).toEqual([1]);
  });

  it('are given to one module: ERR_CONFIG for a second', () => {
    const taker = moduleOf((port) => {
      port.cpuTimers(() => undefined);
      return {};
    });
    const build = (): unknown => new ScriptedMachine({ kernel: [taker, taker] });
    expect(build).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  });
});

describe('a reschedule that a module asks for', () => {
  it('makes the thread pass the scheduler before it is in user mode again', () => {
    const asked: number[] = [];
    const scripted = machineWith((port) => {
      port.registerSyscall(400, () => {
        port.requestReschedule(0);
        return 0;
      });
      return { extendsSlice: (thread) => (asked.push(thread), false) };
    });
    scripted.process.spawn(function* body(t) {
      yield* t.syscall(400);
    });
    scripted.decide(step(0));
    expect(asked).toEqual([0]);
  });
});

describe('what the kernel tells a module', () => {
  it('is how many processes there can be, and how many faults its accesses have met', () => {
    let port: KernelPort | undefined;
    const faults: number[] = [];
    const scripted = machineWith((given) => {
      port = given;
      given.registerSyscall(400, (_thread, address) => {
        const before = given.pageFaults();
        given.user.get32(address);
        faults.push(given.pageFaults() - before);
        return 0;
      });
      return {};
    });
    scripted.process.spawn(function* body(t) {
      const word = t.stackPointer - 64;
      yield* t.syscall(400, word);
      yield* t.syscall(400, word);
      yield* t.load(word);
      yield* t.syscall(400, word);
    });
    expect(port!.maxProcesses).toBe(4);
    scripted.finish();
    expect(faults).toEqual([1, 0, 0]);
  });
});
