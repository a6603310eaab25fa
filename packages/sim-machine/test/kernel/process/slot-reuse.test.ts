import { describe, expect, it } from 'vitest';
import { RegisterFile } from '../../../src/cpu/register-file.js';
import { TimedDirector } from '../../../src/director/timed-director.js';
import { REGISTER_STRIDE } from '../../../src/isa/register-file.js';
import {
  raise,
  sigaction,
  sigaltstack,
  signalSet,
  sigpending,
  sigprocmask,
} from '../../../src/kernel/libc/signals.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1 } = SignalNumber;
const SS_DISABLE = 2;

/** Runs two threads one after the other in the same slot. */
function inOneSlot(
  lab: Laboratory,
  first: (t: Thread) => Operation<unknown>,
  second: (t: Thread) => Operation<unknown>,
): void {
  const slots = [lab.spawn(first).id];
  lab.machine.run();
  slots.push(lab.spawn(second).id);
  lab.machine.run();
  expect(slots[1]).toBe(slots[0]);
}

describe('a thread in the slot of one that exited', () => {
  it('has no alternate stack, no mask and nothing pending', () => {
    const lab = new Laboratory({ cpus: 1 });
    const stack = lab.process.allocate(4096);
    const old = lab.process.allocate(16);
    const facts: unknown[] = [];
    inOneSlot(
      lab,
      function* (t) {
        yield* sigaltstack(t, stack, 4096);
        yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR1, 40));
        yield* raise(t, SIGUSR1);
        yield* raise(t, 40);
      },
      function* (t) {
        yield* t.syscall(SyscallNumber.sigaltstack, 0, old);
        facts.push(yield* t.load(old + 4));
        facts.push(yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR1, 40)));
        facts.push(yield* sigpending(t));
      },
    );
    expect(facts).toEqual([SS_DISABLE, signalSet(), signalSet()]);
  });

  it('clears no word at its exit that the other had cleared', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word(1);
    inOneSlot(
      lab,
      (t) => t.syscall(SyscallNumber.set_tid_address, word),
      (t) => t.store(word, 2),
    );
    expect(lab.process.read32(word)).toBe(2);
  });
});

describe('the registers of a thread', () => {
  it('are those of a new thread in the slot of one that exited', () => {
    const registers = (before: boolean): number[] => {
      const lab = new Laboratory({ cpus: 1 });
      const { machine } = lab;
      const found: number[] = [];
      const work = function* (t: Thread): Operation<void> {
        const { registers: words } = machine.threads;
        found.splice(0, Infinity, ...words.subarray(t.base, t.base + REGISTER_STRIDE));
        yield* t.syscall(SyscallNumber.getcpu, 11, 12, 13, 14, 15, 16);
      };
      if (before) inOneSlot(lab, work, work);
      else lab.run(work);
      return found;
    };
    expect(registers(true)).toEqual(registers(false));
  });

  it('say of one that exited nothing but what it computed last', () => {
    const lab = new Laboratory({ cpus: 1 });
    const { base } = lab.spawn((t) => t.syscall(SyscallNumber.getcpu));
    lab.finish();
    const rest = lab.machine.threads.registers.subarray(
      base + RegisterFile.Ip,
      base + REGISTER_STRIDE,
    );
    expect(rest.every((word) => word === 0)).toBe(true);
  });
});

describe('a machine that was reset', () => {
  it('knows no handlers of the run before', () => {
    const lab = new Laboratory({ cpus: 1 });
    lab.run((t) => sigaction(t, SIGUSR1, function* () {}));
    lab.machine.reset(new TimedDirector());
    const process = lab.machine.createProcess('again');
    process.spawn((t) => raise(t, SIGUSR1));
    lab.machine.run();
    expect(process.exitStatus).toBe(SIGUSR1);
  });
});
