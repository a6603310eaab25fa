import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import {
  kill,
  sigaction,
  signalSet,
  sigpending,
  sigprocmask,
  sigqueue,
  sigtimedwait,
} from '../../../src/kernel/libc/signals.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { SignalCode } from '../../../src/kernel/signal/signal-info.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1, SIGUSR2, SIGRTMIN } = SignalNumber;

/** Blocks all signals and waits for one of a set, while another thread sends some. */
function waitFor(
  set: readonly number[],
  sent: readonly number[],
  timeoutNs?: number,
  prepare: (t: Thread) => Operation<unknown> = function* () {},
): { result: number; pending: unknown } {
  const lab = Laboratory.timed({ cpus: 2 }, { quantumCycles: 20 });
  const sink = lab.word();
  let seen: { result: number; pending: unknown } | undefined;
  const waiting = lab.spawn(function* (t) {
    yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR1, SIGRTMIN));
    yield* prepare(t);
    const result = yield* sigtimedwait(t, signalSet(...set), timeoutNs);
    seen = { result, pending: yield* sigpending(t) };
  });
  lab.spawn(function* (t) {
    for (let i = 0; i < 2000; i++) yield* t.load(sink);
    for (const signal of sent) {
      yield* t.syscall(SyscallNumber.tkill, lab.machine.threads.tid[waiting.id], signal);
      for (let i = 0; i < 2000; i++) yield* t.load(sink);
    }
  });
  lab.finish();
  return seen!;
}

describe('sigtimedwait', () => {
  it('takes a signal that is pending already', () => {
    const lab = new Laboratory({ cpus: 1 });
    const info = lab.process.allocate(128);
    const seen = lab.run(function* (t) {
      yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet(SIGRTMIN));
      yield* sigqueue(t, lab.process.pid, SIGRTMIN, 5);
      const signal = yield* sigtimedwait(t, signalSet(SIGRTMIN), undefined, info);
      return [signal, yield* sigpending(t)];
    });
    expect(seen).toEqual([SIGRTMIN, signalSet()]);
    const words = [0, 8, 12, 20].map((offset) => lab.process.read32(info + offset));
    expect(words).toEqual([SIGRTMIN, SignalCode.SI_QUEUE, lab.process.pid, 5]);
  });

  it('sleeps until one of the signals is sent, and leaves the others pending', () => {
    const seen = waitFor([SIGRTMIN], [SIGUSR1, SIGRTMIN]);
    expect(seen).toEqual({ result: SIGRTMIN, pending: signalSet(SIGUSR1) });
  });

  it('returns -EAGAIN when the time is over', () => {
    expect(waitFor([SIGRTMIN], [], 1000)).toEqual({ result: -Errno.EAGAIN, pending: signalSet() });
  });

  it('is not disturbed by a timeout that is long', () => {
    const seen = waitFor([SIGUSR1], [SIGUSR1], 1e9);
    expect(seen).toEqual({ result: SIGUSR1, pending: signalSet() });
  });

  it.each([true, false])('returns -EINTR after a handler, SA_RESTART: %s', (restart) => {
    const seen = waitFor([SIGRTMIN], [SIGUSR2], undefined, (t) =>
      sigaction(t, SIGUSR2, function* () {}, { restart }),
    );
    expect(seen).toEqual({ result: -Errno.EINTR, pending: signalSet() });
  });

  it('takes a signal of the set that is not blocked before its handler could run', () => {
    let handled = 0;
    const seen = waitFor([SIGUSR2], [SIGUSR2], undefined, (t) =>
      sigaction(t, SIGUSR2, function* () {
        handled += 1;
      }),
    );
    expect(seen.result).toBe(SIGUSR2);
    expect(handled).toBe(0);
  });

  it('gives one instance to one of several waiting threads', () => {
    const lab = Laboratory.timed({ cpus: 4 }, { quantumCycles: 20 });
    const sink = lab.word();
    const taken: number[] = [];
    for (let i = 0; i < 3; i++)
      lab.spawn(function* (t) {
        yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR1));
        taken.push(yield* sigtimedwait(t, signalSet(SIGUSR1), 1e9));
      });
    lab.spawn(function* (t) {
      yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, signalSet(SIGUSR1));
      for (let i = 0; i < 2000; i++) yield* t.load(sink);
      yield* kill(t, lab.process.pid, SIGUSR1);
    });
    lab.finish();
    expect(taken.sort((a, b) => a - b)).toEqual([-Errno.EAGAIN, -Errno.EAGAIN, SIGUSR1]);
  });
});
