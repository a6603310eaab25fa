import { describe, expect, it } from 'vitest';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import {
  kill,
  raise,
  sigaction,
  signalSet,
  sigpending,
  sigprocmask,
} from '../../../src/kernel/libc/signals.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1, SIGTERM, SIGHUP, SIGCHLD } = SignalNumber;
const { SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK } = SignalMaskHow;

import { withJournal } from './journal.js';

describe('blocked signals', () => {
  it('stay pending and are seen by sigpending', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* (t) {
      yield* sigprocmask(t, SIG_BLOCK, signalSet(SIGUSR1, 40));
      yield* raise(t, SIGUSR1);
      yield* kill(t, lab.process.pid, 40);
      return yield* sigpending(t);
    });
    expect(seen).toEqual(signalSet(SIGUSR1, 40));
  });

  it('are put back by the end of a handler, which may have changed its mask', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* (t) {
      yield* sigprocmask(t, SIG_SETMASK, signalSet(SIGHUP));
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* sigprocmask(h, SIG_SETMASK, signalSet(SIGTERM));
      });
      yield* raise(t, SIGUSR1);
      return yield* sigprocmask(t, SIG_BLOCK, signalSet());
    });
    expect(seen).toEqual(signalSet(SIGHUP));
  });

  it('do not include SIGKILL and SIGSTOP', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* (t) {
      yield* sigprocmask(t, SIG_SETMASK, { low: -1, high: -1 });
      return yield* sigprocmask(t, SIG_SETMASK, signalSet());
    });
    expect(seen).toEqual({ low: ~((1 << 8) | (1 << 18)), high: -1 });
  });

  it('that are then ignored are dropped', () => {
    const entries = withJournal(function* (t, _, note) {
      yield* sigaction(t, SIGUSR1, note);
      yield* sigprocmask(t, SIG_BLOCK, signalSet(SIGUSR1));
      yield* raise(t, SIGUSR1);
      yield* kill(t, t.process.pid, SIGUSR1);
      yield* sigaction(t, SIGUSR1, 'ignore');
      yield* sigaction(t, SIGUSR1, note);
      yield* sigprocmask(t, SIG_UNBLOCK, signalSet(SIGUSR1));
    });
    expect(entries).toEqual([]);
  });

  it('whose action is to be ignored are not even pending, unless they are blocked', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* (t) {
      yield* raise(t, SIGCHLD);
      yield* sigprocmask(t, SIG_BLOCK, signalSet(SIGCHLD));
      const before = yield* sigpending(t);
      yield* raise(t, SIGCHLD);
      return [before, yield* sigpending(t)];
    });
    expect(seen).toEqual([signalSet(), signalSet(SIGCHLD)]);
  });
});
