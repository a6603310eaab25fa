import { describe, expect, it } from 'vitest';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import {
  kill,
  raise,
  sigaction,
  signalSet,
  sigprocmask,
  sigqueue,
} from '../../../src/kernel/libc/signals.js';
import { SignalCode } from '../../../src/kernel/signal/signal-info.js';
import type { SignalHandler } from '../../../src/kernel/signal/signal-handler.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1, SIGUSR2, SIGTERM, SIGHUP, SIGRTMIN } = SignalNumber;
const { SIG_BLOCK, SIG_UNBLOCK } = SignalMaskHow;

import { Journal, withJournal } from './journal.js';

describe('a signal handler', () => {
  it('runs before the call that sent the signal returns', () => {
    const entries = withJournal(function* (t, journal, note) {
      yield* sigaction(t, SIGUSR1, note);
      expect(yield* raise(t, SIGUSR1)).toBe(0);
      yield* journal.add(t, 100);
    });
    expect(entries).toEqual([SIGUSR1, 100]);
  });

  it('leaves the interrupted operation as if nothing had happened', () => {
    const lab = new Laboratory({ cpus: 1 });
    const sum = lab.word();
    const hits = lab.word();
    const results = lab.run(function* (t) {
      yield* sigaction(t, SIGUSR1, function* (h) {
        for (let i = 0; i < 5; i++) yield* h.fetchAdd(hits, 1);
      });
      const values: number[] = [];
      for (let i = 0; i < 10; i++) {
        yield* raise(t, SIGUSR1);
        values.push(yield* t.fetchAdd(sum, i));
      }
      return values;
    });
    expect(results).toEqual([0, 0, 1, 3, 6, 10, 15, 21, 28, 36]);
    expect(lab.process.read32(hits)).toBe(50);
  });

  it('blocks its own signal: a second instance runs after it', () => {
    const entries = withJournal(function* (t, journal) {
      const depth = { value: 0 };
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* journal.add(h, 1);
        depth.value += 1;
        if (depth.value === 1) yield* raise(h, SIGUSR1);
        yield* journal.add(h, 2);
      });
      yield* raise(t, SIGUSR1);
    });
    expect(entries).toEqual([1, 2, 1, 2]);
  });

  it('with SA_NODEFER is interrupted by its own signal', () => {
    const entries = withJournal(function* (t, journal) {
      const depth = { value: 0 };
      const handler: SignalHandler = function* (h) {
        yield* journal.add(h, 1);
        depth.value += 1;
        if (depth.value === 1) yield* raise(h, SIGUSR1);
        yield* journal.add(h, 2);
      };
      yield* sigaction(t, SIGUSR1, handler, { noDefer: true });
      yield* raise(t, SIGUSR1);
    });
    expect(entries).toEqual([1, 1, 2, 2]);
  });

  it('blocks the signals of sa_mask while it runs', () => {
    const entries = withJournal(function* (t, journal, note) {
      const handler: SignalHandler = function* (h) {
        yield* journal.add(h, 1);
        yield* raise(h, SIGUSR2);
        yield* raise(h, SIGTERM);
        yield* journal.add(h, 2);
      };
      yield* sigaction(t, SIGUSR1, handler, { mask: signalSet(SIGUSR2) });
      yield* sigaction(t, SIGUSR2, note);
      yield* sigaction(t, SIGTERM, note);
      yield* raise(t, SIGUSR1);
    });
    expect(entries).toEqual([1, SIGTERM, 2, SIGUSR2]);
  });

  it('with SA_RESETHAND runs once, and the default action follows', () => {
    const lab = new Laboratory({ cpus: 1 });
    const journal = new Journal(lab);
    lab.spawn(function* (t) {
      const handler: SignalHandler = function* (h) {
        yield* journal.add(h, 1);
      };
      yield* sigaction(t, SIGUSR1, handler, { resetHand: true });
      yield* raise(t, SIGUSR1);
      yield* raise(t, SIGUSR1);
      yield* journal.add(t, 2);
    });
    lab.finish();
    expect(journal.entries).toEqual([1]);
    expect(lab.process.exitStatus).toBe(SIGUSR1);
  });

  it('of the lowest signal is set up first and so runs last, when several are unblocked', () => {
    const entries = withJournal(function* (t, _, note) {
      for (const signal of [SIGUSR1, SIGUSR2, SIGHUP]) yield* sigaction(t, signal, note);
      const set = signalSet(SIGUSR1, SIGUSR2, SIGHUP);
      yield* sigprocmask(t, SIG_BLOCK, set);
      for (const signal of [SIGUSR2, SIGHUP, SIGUSR1]) yield* raise(t, signal);
      yield* sigprocmask(t, SIG_UNBLOCK, set);
    });
    expect(entries).toEqual([SIGUSR2, SIGUSR1, SIGHUP]);
  });

  it('runs in order of numbers when it blocks all others', () => {
    const entries = withJournal(function* (t, _, note) {
      const set = signalSet(SIGUSR1, SIGUSR2, SIGHUP);
      for (const signal of [SIGUSR1, SIGUSR2, SIGHUP])
        yield* sigaction(t, signal, note, { mask: set });
      yield* sigprocmask(t, SIG_BLOCK, set);
      for (const signal of [SIGUSR2, SIGHUP, SIGUSR1]) yield* raise(t, signal);
      yield* sigprocmask(t, SIG_UNBLOCK, set);
    });
    expect(entries).toEqual([SIGHUP, SIGUSR1, SIGUSR2]);
  });

  it('runs once for a standard signal that was sent twice, twice for a real-time one', () => {
    const entries = withJournal(function* (t, _, note) {
      const set = signalSet(SIGUSR1, SIGRTMIN);
      for (const signal of [SIGUSR1, SIGRTMIN]) yield* sigaction(t, signal, note, { mask: set });
      yield* sigprocmask(t, SIG_BLOCK, set);
      for (const signal of [SIGUSR1, SIGRTMIN, SIGRTMIN, SIGUSR1]) yield* raise(t, signal);
      yield* sigprocmask(t, SIG_UNBLOCK, set);
    });
    expect(entries).toEqual([SIGUSR1, SIGRTMIN, SIGRTMIN]);
  });

  it('is told who sent the signal, and the value that came with it', () => {
    const lab = new Laboratory({ cpus: 1 });
    const pid = lab.process.pid;
    const seen = lab.run(function* (t) {
      const told: unknown[] = [];
      const tell: SignalHandler = function* (_, signal, { code, origin, value }) {
        told.push({ signal, code, origin, value });
      };
      yield* sigaction(t, SIGUSR1, tell);
      yield* raise(t, SIGUSR1);
      yield* kill(t, pid, SIGUSR1);
      yield* sigqueue(t, pid, SIGUSR1, 42);
      return told;
    });
    expect(seen).toEqual([
      { signal: SIGUSR1, code: SignalCode.SI_TKILL, origin: pid, value: 0 },
      { signal: SIGUSR1, code: SignalCode.SI_USER, origin: pid, value: 0 },
      { signal: SIGUSR1, code: SignalCode.SI_QUEUE, origin: pid, value: 42 },
    ]);
  });

  it('finds the same facts in the siginfo on its stack', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* (t) {
      const words: number[] = [];
      yield* sigaction(t, SIGUSR1, function* (h, _, { address }) {
        for (const offset of [0, 4, 8, 12, 20]) words.push(yield* h.load(address + offset));
      });
      yield* sigqueue(t, lab.process.pid, SIGUSR1, 42);
      return words;
    });
    expect(seen).toEqual([SIGUSR1, 0, SignalCode.SI_QUEUE, lab.process.pid, 42]);
  });

  it('may leave and be entered again at any depth', () => {
    const entries = withJournal(function* (t, journal) {
      const handler: SignalHandler = function* (h, signal) {
        yield* journal.add(h, signal);
        if (signal < 40) yield* raise(h, signal + 1);
        yield* journal.add(h, -signal);
      };
      for (let signal = SIGRTMIN as number; signal <= 40; signal++)
        yield* sigaction(t, signal, handler);
      yield* raise(t, SIGRTMIN);
    });
    const down = [32, 33, 34, 35, 36, 37, 38, 39, 40];
    expect(entries).toEqual([...down, ...down.map((n) => -n).reverse()]);
  });

  it('of a thread that never ran runs before its program begins', () => {
    const lab = new Laboratory({ cpus: 1 });
    const journal = new Journal(lab);
    lab.spawn(function* first(t) {
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* journal.add(h, 1);
      });
      const second = lab.spawn(function* second(u) {
        yield* journal.add(u, 2);
      });
      const tid = lab.machine.threads.tid[second.id]!;
      yield* t.syscall(200, tid, SIGUSR1);
    });
    lab.finish();
    expect(journal.entries).toEqual([1, 2]);
  });
});
