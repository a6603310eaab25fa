import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { ExitWork } from '../../../src/kernel/exit-work.js';
import { futexWait, futexWaitFor, futexWake } from '../../../src/kernel/libc/futex.js';
import {
  clockGettime,
  nanosleep,
  nanosleepRemaining,
  sleepUntil,
} from '../../../src/kernel/libc/time.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { RestartCode } from '../../../src/kernel/restart-code.js';
import { SleepEnd } from '../../../src/kernel/sleeps.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import { ClockId } from '../../../src/kernel/time/clock-id.js';
import { REGISTER_STRIDE } from '../../../src/isa/register-file.js';
import { RegisterFile } from '../../../src/cpu/register-file.js';
import type { FlatParts } from '../program-fixture.js';
import { drive, machineParts } from '../program-fixture.js';

interface Sleeper {
  readonly parts: FlatParts;
  readonly word: number;
  readonly results: unknown[];
  readonly base: number;
}

/** A machine whose only thread, 0, sleeps in the program. */
function asleep(program: (t: Thread, word: number) => Operation<unknown>): Sleeper {
  const parts = machineParts({ cpus: 1 });
  const process = parts.processes.begin(-1, 'main')!;
  process.mapRuntime(4);
  const word = process.allocate(4);
  const results: unknown[] = [];
  process.spawn(function* sleeper(t) {
    results.push(yield* program(t, word));
  });
  drive(parts, () => parts.threads.state[0] === ThreadState.Interruptible);
  return { parts, word, results, base: 0 * REGISTER_STRIDE };
}

describe('a sleep that a signal interrupts', () => {
  it.each([
    ['a futex wait', (t: Thread, word: number) => futexWait(t, word, 0), RestartCode.System],
    [
      'a futex wait with a timeout',
      (t: Thread, word: number) => futexWaitFor(t, word, 0, 9000),
      RestartCode.Block,
    ],
    ['nanosleep', (t: Thread) => nanosleep(t, 9000), RestartCode.Block],
    [
      'a sleep until a time',
      (t: Thread) => sleepUntil(t, ClockId.Monotonic, 9000),
      RestartCode.NoHandler,
    ],
  ] as const)('leaves the restart code of %s in r0, and no timer', (_name, program, code) => {
    const { parts, base } = asleep(program);
    expect(parts.services.sleeps.end(0, SleepEnd.Signal)).toBe(true);
    expect(parts.threads.registers[base]).toBe(-code);
    expect(parts.threads.state[0]).toBe(ThreadState.Runnable);
    expect(parts.services.timers.armed()).toEqual([]);
    expect(parts.services.sleeps.end(0, SleepEnd.Signal)).toBe(false);
  });

  it('is not found by a wake-up any more', () => {
    const { parts, word } = asleep((t, address) => futexWait(t, address, 0));
    parts.services.sleeps.end(0, SleepEnd.Signal);
    const woken: number[] = [];
    parts.processes.at(0).spawn(function* waker(t) {
      woken.push(yield* futexWake(t, word, 1));
    });
    drive(parts);
    expect(woken).toEqual([0]);
  });

  it('tells nanosleep what was left, before the thread is in user mode', () => {
    const { parts, results, base } = asleep((t) => nanosleepRemaining(t, 5_000_000));
    parts.cpus.cycles[0] = 1_000_000;
    const deadline = parts.services.sleeps.deadlineCycles(0);
    parts.services.sleeps.end(0, SleepEnd.Signal);
    expect(parts.threads.exitWork[0]! & ExitWork.NotifyResume).not.toBe(0);
    parts.threads.registers[base] = -Errno.EINTR;
    drive(parts);
    expect(results).toEqual([{ result: -Errno.EINTR, remainingNs: deadline - 1_000_000 }]);
  });

  it('keeps its deadline when it is restarted', () => {
    const { parts, results, base } = asleep(function* sleeper(t) {
      yield* nanosleep(t, 50_000);
      return yield* clockGettime(t, ClockId.Monotonic);
    });
    const deadline = parts.services.sleeps.deadlineCycles(0);
    parts.cpus.cycles[0] = 30_000;
    parts.services.sleeps.end(0, SleepEnd.Signal);
    parts.services.sleeps.keepDeadline(0);
    const { registers } = parts.threads;
    registers[base] = registers[base + RegisterFile.SyscallNumber]!;
    registers[base + RegisterFile.Ip]! -= 4;
    drive(parts);
    expect(results[0]).toBeGreaterThanOrEqual(deadline);
    expect(results[0]).toBeLessThan(deadline + 100);
  });
});

describe('a sleep of a thread that exits', () => {
  it('leaves neither a waiter nor a timer', () => {
    const { parts, word } = asleep((t, address) => futexWaitFor(t, address, 0, 9000));
    const woken: number[] = [];
    parts.processes.at(0).spawn(function* waker(t) {
      woken.push(yield* futexWake(t, word, 1));
    });
    parts.lifecycle.exitThread(0, 0);
    expect(parts.services.timers.armed()).toEqual([]);
    drive(parts);
    expect(woken).toEqual([0]);
  });
});

describe('a spurious end', () => {
  it('is a futex wait that returns 0', () => {
    const { parts, results } = asleep((t, word) => futexWait(t, word, 0));
    parts.services.sleeps.end(0, SleepEnd.Spurious);
    drive(parts);
    expect(results).toEqual([0]);
  });
});
