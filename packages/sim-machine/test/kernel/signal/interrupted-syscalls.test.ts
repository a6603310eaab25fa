import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { futexWait, futexWaitFor } from '../../../src/kernel/libc/futex.js';
import { fork, waitpid } from '../../../src/kernel/libc/processes.js';
import {
  pause,
  sigaction,
  signalSet,
  sigprocmask,
  sigsuspend,
} from '../../../src/kernel/libc/signals.js';
import type { SigactionOptions } from '../../../src/kernel/libc/signals.js';
import { storeTimespec } from '../../../src/kernel/libc/timespec.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1, SIGUSR2, SIGSTOP, SIGCONT, SIGCHLD, SIGTERM } = SignalNumber;
const SECOND_NS = 1_000_000_000;

/** Sleeps in user mode, without a system call that a signal could interrupt. */
function* spin(t: Thread, word: number, times: number): Operation<void> {
  for (let i = 0; i < times; i++) yield* t.load(word);
}

/** What a sleeping thread does while another sends it signals. */
interface Sleeper {
  readonly name: string;
  sleep(t: Thread, lab: Laboratory, word: number): Operation<number>;
  /** With a handler that does, or does not, ask for restarts. */
  readonly restarted: 'always with SA_RESTART' | 'never';
  /** What it returns when it ends by itself: it is woken at the end. */
  readonly normal: number;
}

const SLEEPERS: readonly Sleeper[] = [
  {
    name: 'futex without a timeout',
    *sleep(t, _, word) {
      return yield* futexWait(t, word, 0);
    },
    restarted: 'always with SA_RESTART',
    normal: 0,
  },
  {
    name: 'futex with a timeout',
    *sleep(t, _, word) {
      return yield* futexWaitFor(t, word, 0, 100 * SECOND_NS);
    },
    restarted: 'never',
    normal: 0,
  },
  {
    name: 'nanosleep',
    *sleep(t) {
      const request = yield* storeTimespec(t, SECOND_NS);
      return yield* t.syscall(SyscallNumber.nanosleep, request, 0);
    },
    restarted: 'never',
    normal: 0,
  },
  {
    name: 'clock_nanosleep until a time',
    *sleep(t) {
      const request = yield* storeTimespec(t, SECOND_NS);
      return yield* t.syscall(SyscallNumber.clock_nanosleep, 1, 1, request, 0);
    },
    restarted: 'never',
    normal: 0,
  },
];

/**
 * One thread sleeps; another sends it the signals, then wakes its futex. The result of the sleep.
 */
function sleepThrough(
  sleeper: Sleeper,
  signals: readonly number[],
  options?: SigactionOptions,
): { result: number; handled: number } {
  const lab = Laboratory.timed({ cpus: 3 }, { quantumCycles: 20 });
  const word = lab.word();
  const handled = lab.word();
  const sink = lab.word();
  let result = NaN;
  lab.spawn(
    function* sleeping(t) {
      if (options !== undefined)
        yield* sigaction(
          t,
          SIGUSR1,
          function* (h) {
            yield* h.fetchAdd(handled, 1);
          },
          options,
        );
      result = yield* sleeper.sleep(t, lab, word);
    },
    { affinity: [0] },
  );
  const outside = lab.machine.createProcess('outside');
  outside.spawn(
    function* sending(t) {
      yield* spin(t, t.stackPointer - 64, 2000);
      for (const signal of signals) {
        yield* t.syscall(SyscallNumber.tkill, lab.process.pid, signal);
        yield* spin(t, t.stackPointer - 64, 2000);
      }
    },
    { affinity: [1] },
  );
  lab.spawn(
    function* waking(t) {
      yield* spin(t, sink, 8000);
      yield* t.syscall(SyscallNumber.futex, word, 1, 1);
    },
    { affinity: [2] },
  );
  lab.finish();
  return { result, handled: lab.process.read32(handled) };
}

describe.each(SLEEPERS)('$name, when a signal comes', (sleeper) => {
  it('returns -EINTR after a handler', () => {
    expect(sleepThrough(sleeper, [SIGUSR1], {})).toEqual({ result: -Errno.EINTR, handled: 1 });
  });

  it(`is restarted after a handler with SA_RESTART: ${sleeper.restarted}`, () => {
    const seen = sleepThrough(sleeper, [SIGUSR1, SIGUSR1], { restart: true });
    if (sleeper.restarted === 'never') expect(seen).toEqual({ result: -Errno.EINTR, handled: 1 });
    else expect(seen).toEqual({ result: sleeper.normal, handled: 2 });
  });

  it('goes on after a stop, without a handler', () => {
    const seen = sleepThrough(sleeper, [SIGSTOP, SIGCONT]);
    expect(seen).toEqual({ result: sleeper.normal, handled: 0 });
  });

  it('does not notice a signal that is ignored', () => {
    const seen = sleepThrough(sleeper, [SIGCHLD]);
    expect(seen).toEqual({ result: sleeper.normal, handled: 0 });
  });
});

describe('a sleep that goes on after a stop', () => {
  it('ends when it would have ended', () => {
    const lab = Laboratory.timed({ cpus: 2 }, { quantumCycles: 20 });
    let before = 0;
    let after = 0;
    lab.spawn(
      function* (t) {
        before = (yield* t.readClock()) >>> 0;
        const request = yield* storeTimespec(t, 1_000_000);
        yield* t.syscall(SyscallNumber.nanosleep, request, 0);
        after = (yield* t.readClock()) >>> 0;
      },
      { affinity: [0] },
    );
    lab.machine.createProcess('outside').spawn(
      function* (t) {
        for (const signal of [SIGSTOP, SIGCONT]) {
          yield* spin(t, t.stackPointer - 64, 100_000);
          yield* t.syscall(SyscallNumber.kill, lab.process.pid, signal);
        }
      },
      { affinity: [1] },
    );
    lab.finish();
    expect(after - before).toBeGreaterThanOrEqual(1_000_000);
    expect(after - before).toBeLessThan(1_010_000);
  });
});

describe('wait4, when a signal comes', () => {
  function waitThrough(options: SigactionOptions): readonly number[] {
    const lab = Laboratory.timed({ cpus: 2 }, { quantumCycles: 20 });
    const results: number[] = [];
    lab.run(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {}, options);
      const parent = yield* t.syscall(SyscallNumber.getpid);
      const child = yield* fork(t, function* (c) {
        const word = c.stackPointer - 64;
        yield* spin(c, word, 2000);
        yield* c.syscall(SyscallNumber.kill, parent, SIGUSR1);
        yield* spin(c, word, 2000);
      });
      const first = yield* waitpid(t, child);
      results.push(first.pid === child ? 1 : first.pid);
      if (first.pid < 0) results.push((yield* waitpid(t, child)).pid === child ? 1 : 0);
    });
    return results;
  }

  it('returns -EINTR, and the child is still there to be waited for', () => {
    expect(waitThrough({})).toEqual([-Errno.EINTR, 1]);
  });

  it('is restarted with SA_RESTART', () => {
    expect(waitThrough({ restart: true })).toEqual([1]);
  });
});

describe('pause', () => {
  it.each([{}, { restart: true }])('returns -EINTR after a handler, options %o', (options) => {
    const lab = Laboratory.timed({ cpus: 2 }, { quantumCycles: 20 });
    const sink = lab.word();
    let result = 0;
    const pausing = lab.spawn(function* (t) {
      yield* sigaction(t, SIGUSR1, function* () {}, options);
      result = yield* pause(t);
    });
    lab.spawn(function* (t) {
      yield* spin(t, sink, 2000);
      yield* t.syscall(SyscallNumber.tkill, lab.machine.threads.tid[pausing.id], SIGUSR1);
    });
    lab.finish();
    expect(result).toBe(-Errno.EINTR);
  });
});

describe('sigsuspend', () => {
  it('lets a pending signal through and puts the mask back before it returns', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* (t) {
      const masks: unknown[] = [];
      yield* sigaction(t, SIGUSR1, function* (h) {
        masks.push(yield* sigprocmask(h, SignalMaskHow.SIG_BLOCK, signalSet()));
      });
      yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR1, SIGUSR2));
      yield* t.syscall(SyscallNumber.kill, lab.process.pid, SIGUSR1);
      masks.push(yield* sigsuspend(t, signalSet(SIGTERM)));
      masks.push(yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet()));
      return masks;
    });
    expect(seen).toEqual([signalSet(SIGTERM, SIGUSR1), -Errno.EINTR, signalSet(SIGUSR1, SIGUSR2)]);
  });

  it('has its mask put back by the end of the handler, not before', () => {
    const lab = Laboratory.timed({ cpus: 2 }, { quantumCycles: 20 });
    const masks: unknown[] = [];
    lab.spawn(function* (t) {
      yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR2));
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* spin(h, h.stackPointer - 64, 5000);
        masks.push(yield* sigprocmask(h, SignalMaskHow.SIG_BLOCK, signalSet()));
      });
      yield* sigsuspend(t, signalSet(SIGTERM));
      masks.push(yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet()));
    });
    lab.machine.createProcess('outside').spawn(function* (t) {
      for (const signal of [SIGUSR1, SIGSTOP, SIGCONT]) {
        yield* spin(t, t.stackPointer - 64, 1000);
        yield* t.syscall(SyscallNumber.kill, lab.process.pid, signal);
      }
    });
    lab.finish();
    expect(masks).toEqual([signalSet(SIGTERM, SIGUSR1), signalSet(SIGUSR2)]);
  });

  it('sleeps until a signal comes that has a handler', () => {
    const lab = Laboratory.timed({ cpus: 2 }, { quantumCycles: 20 });
    const sink = lab.word();
    const order: string[] = [];
    const waiting = lab.spawn(function* (t) {
      yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR1));
      yield* sigaction(t, SIGUSR1, function* () {
        order.push('handler');
      });
      const result = yield* sigsuspend(t, signalSet());
      order.push(`returned ${result}`);
    });
    lab.spawn(function* (t) {
      yield* spin(t, sink, 2000);
      const tid = lab.machine.threads.tid[waiting.id];
      yield* t.syscall(SyscallNumber.tkill, tid, SIGCHLD);
      yield* spin(t, sink, 2000);
      order.push('sending');
      yield* t.syscall(SyscallNumber.tkill, tid, SIGUSR1);
    });
    lab.finish();
    expect(order).toEqual(['sending', 'handler', 'returned -4']);
  });
});
