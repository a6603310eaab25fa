import { describe, expect, it } from 'vitest';
import { RegisterFile } from '../../../src/cpu/register-file.js';
import { ProgramBuilder } from '../../../src/isa/program-builder.js';
import { Registers } from '../../../src/isa/register.js';
import { REGISTER_STRIDE } from '../../../src/isa/register-file.js';
import type { KernelModule } from '../../../src/kernel/kernel-module.js';
import {
  raise,
  sigaction,
  sigaltstack,
  signalSet,
  sigprocmask,
} from '../../../src/kernel/libc/signals.js';
import { SignalContext } from '../../../src/kernel/signal/signal-frame.js';
import type { SignalHandler } from '../../../src/kernel/signal/signal-handler.js';
import { SignalCode } from '../../../src/kernel/signal/signal-info.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1, SIGUSR2, SIGSEGV, SIGTRAP, SIGTERM } = SignalNumber;
const { r0, r1, r15, sp } = Registers;
const UNMAPPED = 0x30000000;

function status(program: Parameters<Laboratory['spawn']>[0]): number {
  const lab = new Laboratory({ cpus: 1 });
  lab.spawn(program);
  lab.finish();
  return lab.process.exitStatus;
}

describe('the frame of a signal handler', () => {
  it('holds the registers of the interrupted code, and what is written there is restored', () => {
    const lab = new Laboratory({ cpus: 1 });
    const program = lab.machine.install(
      new ProgramBuilder('trap')
        .label('entry')
        .li(r0, 7)
        .brk()
        .ret()
        .label('elsewhere')
        .addi(r0, r0, 100)
        .ret()
        .build(),
    );
    const results = lab.run(function* (t) {
      const trap = program.routine('entry');
      const seen: number[] = [];
      yield* sigaction(t, SIGTRAP, function* (h, _, { context, code, origin }) {
        seen.push(code, origin - program.addressOf('entry'));
        seen.push((yield* h.load(context + SignalContext.Ip)) - program.addressOf('entry'));
        seen.push(yield* h.load(context + SignalContext.Registers));
        yield* h.store(context + SignalContext.Ip, program.addressOf('elsewhere'));
        yield* h.store(context + SignalContext.Registers, 5);
      });
      seen.push(yield* t.call(trap));
      return seen;
    });
    expect(results).toEqual([SignalCode.TRAP_BRKPT, 4, 8, 7, 105]);
  });

  it('holds the mask, and what is written there is restored', () => {
    const lab = new Laboratory({ cpus: 1 });
    const mask = lab.run(function* (t) {
      yield* sigaction(t, SIGUSR1, function* (h, _, { context }) {
        yield* h.store(context + SignalContext.Mask, signalSet(SIGTERM, SignalNumber.SIGKILL).low);
        yield* h.store(context + SignalContext.Mask + 4, 4);
      });
      yield* raise(t, SIGUSR1);
      return yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet());
    });
    expect(mask).toEqual({ low: signalSet(SIGTERM).low, high: 4 });
  });

  it('lies below the red zone, which is left alone', () => {
    const lab = new Laboratory({ cpus: 1 });
    const values = lab.run(function* (t) {
      const zone = t.stackPointer - 128;
      yield* sigaction(t, SIGUSR1, function* (h) {
        for (let i = 0; i < 4; i++) yield* h.store(h.stackPointer - 128 + i * 4, -1);
      });
      for (let i = 0; i < 32; i++) yield* t.store(zone + i * 4, i);
      yield* raise(t, SIGUSR1);
      const read: number[] = [];
      for (let i = 0; i < 32; i++) read.push(yield* t.load(zone + i * 4));
      return read;
    });
    expect(values).toEqual(Array.from({ length: 32 }, (_, i) => i));
  });

  it('gives the handler its arguments in registers too', () => {
    const lab = new Laboratory({ cpus: 1 });
    const program = lab.machine.install(
      new ProgramBuilder('look')
        .label('signal')
        .mov(r0, r1)
        .ret()
        .label('stack')
        .mov(r0, sp)
        .ret()
        .build(),
    );
    const results = lab.run(function* (t) {
      const seen: number[] = [];
      const handler: SignalHandler = function* (h, _, { address }) {
        seen.push((yield* h.call(program.routine('stack'))) - address);
      };
      yield* sigaction(t, SIGUSR1, handler);
      yield* raise(t, SIGUSR1);
      return seen;
    });
    expect(results).toEqual([0]);
  });

  it('that cannot be written is SIGSEGV, which ends the process', () => {
    const lab = new Laboratory({ cpus: 1 });
    const program = lab.machine.install(
      new ProgramBuilder('lose').label('stack').li32(r15, UNMAPPED).syscall().ret().build(),
    );
    lab.spawn(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {});
      yield* sigaction(t, SIGSEGV, function* () {});
      const tid = yield* t.syscall(SyscallNumber.gettid);
      lab.machine.threads.registers[t.base] = SyscallNumber.tkill;
      yield* t.call(program.routine('stack'), tid, SIGUSR1);
    });
    lab.finish();
    expect(lab.process.exitStatus).toBe(SIGSEGV);
  });

  it('goes to the alternate stack where the action says so', () => {
    const lab = new Laboratory({ cpus: 1 });
    const stack = lab.process.allocate(4096);
    const [inside, nested, code] = lab.run(function* (t) {
      expect(yield* sigaltstack(t, stack, 4096)).toBe(0);
      const places: number[] = [];
      const inner: SignalHandler = function* (h) {
        places.push(h.stackPointer - stack);
      };
      const outer: SignalHandler = function* (h) {
        places.push(h.stackPointer - stack);
        yield* raise(h, SIGUSR2);
        places.push(yield* sigaltstack(h, 0, 0));
      };
      yield* sigaction(t, SIGUSR1, outer, { onStack: true });
      yield* sigaction(t, SIGUSR2, inner, { onStack: true });
      yield* raise(t, SIGUSR1);
      return places;
    });
    expect(inside).toBeGreaterThan(3500);
    expect(inside).toBeLessThan(4096);
    expect(nested).toBeLessThan(inside!);
    expect(code).toBe(-1);
  });

  it('lets a handler on the alternate stack survive a stack that is gone', () => {
    const lab = new Laboratory({ cpus: 1 });
    const stack = lab.process.allocate(4096);
    const program = lab.machine.install(
      new ProgramBuilder('lose').label('stack').li32(r15, UNMAPPED).syscall().ret().build(),
    );
    const seen = lab.run(function* (t) {
      const { stackPointer } = t;
      const signals: number[] = [];
      yield* sigaltstack(t, stack, 4096);
      yield* sigaction(t, SIGUSR1, function* () {});
      const repair: SignalHandler = function* (h, signal, { context }) {
        signals.push(signal);
        yield* h.store(context + SignalContext.Registers + 60, stackPointer);
      };
      yield* sigaction(t, SIGSEGV, repair, { onStack: true });
      const tid = yield* t.syscall(SyscallNumber.gettid);
      lab.machine.threads.registers[t.base] = SyscallNumber.tkill;
      yield* t.call(program.routine('stack'), tid, SIGUSR1);
      return signals;
    });
    expect(seen).toEqual([SIGSEGV]);
  });

  it('that is gone when the handler returns is SIGSEGV', () => {
    const result = status(function* (t) {
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* h.syscall(SyscallNumber.munmap, h.stackPointer & ~4095, 4096);
      });
      yield* raise(t, SIGUSR1);
    });
    expect(result).toBe(SIGSEGV);
  });
});

describe('a kernel module', () => {
  it('may move the ip before the frame is built: the handler and its return find the new one', () => {
    let target = 0;
    const aborting: KernelModule = {
      name: 'aborting',
      attach: ({ threads }) => ({
        beforeSignalFrame(thread, signal) {
          if (signal === SIGTRAP)
            threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip] = target;
        },
      }),
    };
    const lab = new Laboratory({ cpus: 1, kernel: [aborting] });
    const program = lab.machine.install(
      new ProgramBuilder('section')
        .label('entry')
        .li(r0, 1)
        .brk()
        .ret()
        .label('abort')
        .addi(r0, r0, 20)
        .ret()
        .build(),
    );
    target = program.addressOf('abort');
    const seen = lab.run(function* (t) {
      const saved: number[] = [];
      yield* sigaction(t, SIGTRAP, function* (h, _, { context }) {
        saved.push(yield* h.load(context + SignalContext.Ip));
      });
      return [yield* t.call(program.routine('entry')), saved];
    });
    expect(seen).toEqual([21, [target]]);
  });
});

describe('rt_sigreturn', () => {
  it('called inside a handler ends it', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    lab.run(function* (t) {
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* h.store(word, 1);
        yield* h.syscall(SyscallNumber.rt_sigreturn);
        yield* h.store(word, 2);
      });
      yield* raise(t, SIGUSR1);
    });
    expect(lab.process.read32(word)).toBe(1);
  });

  it('called outside of any handler is SIGSEGV', () => {
    const result = status(function* (t) {
      yield* t.syscall(SyscallNumber.rt_sigreturn);
    });
    expect(result).toBe(SIGSEGV);
  });
});
