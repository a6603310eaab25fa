import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { exec, exit, fork, getpid, gettid, waitpid } from '../../../src/kernel/libc/processes.js';
import {
  kill,
  sigaction,
  signalSet,
  sigpending,
  sigprocmask,
} from '../../../src/kernel/libc/signals.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import type { Thread, ThreadBody } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const { SIGUSR1, SIGUSR2, SIGSEGV, SIGTERM } = SignalNumber;

/** What happens to a child that does this. */
function* outcome(t: Thread, body: ThreadBody): Operation<unknown> {
  const child = yield* fork(t, body);
  return (yield* waitpid(t, child)).status;
}

describe('exec', () => {
  it('replaces program and memory and keeps the pid', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word(1);
    const seen = lab.run((t) =>
      outcome(t, function* (c) {
        const pid = yield* getpid(c);
        yield* exec(c, function* (n) {
          const isSame = (yield* getpid(n)) === pid && (yield* gettid(n)) === pid;
          yield* n.store(n.stackPointer - 8, 5);
          yield* exit(n, isSame ? yield* n.load(n.stackPointer - 8) : 0);
        });
        expect.unreachable();
      }),
    );
    expect(seen).toEqual({ kind: 'exited', code: 5 });
    expect(lab.process.read32(word)).toBe(1);
  });

  it('leaves nothing of the old memory mapped', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word(1);
    const seen = lab.run((t) =>
      outcome(t, (c) =>
        exec(c, function* (n) {
          yield* n.load(word);
        }),
      ),
    );
    expect(seen).toEqual({ kind: 'killed', signal: SIGSEGV });
  });

  it('resets handlers, and keeps what is ignored, blocked and pending', () => {
    const lab = new Laboratory({ cpus: 2 });
    const facts: unknown[] = [];
    const seen = lab.run((t) =>
      outcome(t, function* (c) {
        yield* sigaction(c, SIGUSR1, function* () {});
        yield* sigaction(c, SIGUSR2, 'ignore');
        yield* sigprocmask(c, SignalMaskHow.SIG_SETMASK, signalSet(SIGTERM));
        yield* kill(c, yield* getpid(c), SIGTERM);
        yield* exec(c, function* (n) {
          facts.push(yield* sigpending(n));
          facts.push(yield* sigprocmask(n, SignalMaskHow.SIG_BLOCK, signalSet()));
          const self = yield* getpid(n);
          yield* kill(n, self, SIGUSR2);
          yield* kill(n, self, SIGUSR1);
        });
      }),
    );
    expect(facts).toEqual([signalSet(SIGTERM), signalSet(SIGTERM)]);
    expect(seen).toEqual({ kind: 'killed', signal: SIGUSR1 });
  });

  it('called by any thread ends all others, and the caller becomes the leader', () => {
    const lab = new Laboratory({ cpus: 4 });
    const ids: number[] = [];
    const leader = lab.process.pid;
    lab.spawn((t) => t.syscall(SyscallNumber.pause));
    lab.spawn((t) => t.syscall(SyscallNumber.pause));
    lab.spawn(function* (t) {
      ids.push(yield* gettid(t));
      yield* exec(t, function* (n) {
        ids.push(yield* gettid(n), yield* getpid(n));
      });
    });
    lab.finish();
    expect(ids[0]).not.toBe(leader);
    expect(ids.slice(1)).toEqual([leader, leader]);
  });

  it('called inside a handler forgets the interrupted program', () => {
    const lab = new Laboratory({ cpus: 2 });
    const seen = lab.run((t) =>
      outcome(t, function* (c) {
        yield* sigaction(c, SIGUSR1, function* (h) {
          yield* exec(h, (n) => exit(n, 9));
        });
        yield* kill(c, yield* getpid(c), SIGUSR1);
        yield* exit(c, 1);
      }),
    );
    expect(seen).toEqual({ kind: 'exited', code: 9 });
  });

  it('returns -EFAULT for an index that names no program, and all is as before', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word(4);
    const seen = lab.run(function* (t) {
      return [yield* t.syscall(SyscallNumber.execve, 99), yield* t.load(word)];
    });
    expect(seen).toEqual([-Errno.EFAULT, 4]);
  });
});
