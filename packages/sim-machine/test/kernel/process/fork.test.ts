import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import {
  exit,
  fork,
  getpid,
  getppid,
  gettid,
  waitpid,
} from '../../../src/kernel/libc/processes.js';
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

const { SIGUSR1, SIGKILL, SIGTERM } = SignalNumber;

/** Forks, waits, and returns the code with which the child exited. */
function* childCode(t: Thread, body: ThreadBody): Operation<number> {
  const child = yield* fork(t, body);
  const { pid, status } = yield* waitpid(t, child);
  expect(pid).toBe(child);
  return status?.kind === 'exited' ? status.code : -1;
}

describe('fork', () => {
  it('gives the child a copy of memory: neither sees what the other writes', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word(1);
    const seen = lab.run(function* (t) {
      yield* t.store(word, 2);
      const code = yield* childCode(t, function* (c) {
        const before = yield* c.load(word);
        yield* c.store(word, 50);
        yield* exit(c, before * 10 + (yield* c.load(word)));
      });
      return [code, yield* t.load(word)];
    });
    expect(seen).toEqual([70, 2]);
  });

  it('keeps from the child what the parent writes afterwards', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word(1);
    const results = lab.run(function* (t) {
      const child = yield* fork(t, function* (c) {
        for (let i = 0; i < 5000; i++) yield* c.load(c.stackPointer - 64);
        yield* exit(c, yield* c.load(word));
      });
      yield* t.store(word, 9);
      return (yield* waitpid(t, child)).status;
    });
    expect(results).toEqual({ kind: 'exited', code: 1 });
  });

  it('copies what the parent stored, although it is still buffered', () => {
    const lab = new Laboratory({ cpus: 2, memory: 'tso' });
    const words = Array.from({ length: 6 }, () => lab.word());
    const code = lab.run(function* (t) {
      for (const [i, word] of words.entries()) yield* t.store(word, i + 1);
      return yield* childCode(t, function* (c) {
        let sum = 0;
        for (const word of words) sum += yield* c.load(word);
        yield* exit(c, sum);
      });
    });
    expect(code).toBe(21);
  });

  it('gives the child its own ids, and its parent the child', () => {
    const lab = new Laboratory({ cpus: 2 });
    const seen = lab.run(function* (t) {
      const self = yield* getpid(t);
      const ids: number[] = [self, yield* gettid(t), yield* getppid(t)];
      const child = yield* fork(t, function* (c) {
        const pid = yield* getpid(c);
        const isRight = pid === (yield* gettid(c)) && (yield* getppid(c)) === self;
        yield* exit(c, isRight ? pid & 0xff : 0);
      });
      const { status } = yield* waitpid(t, -1);
      return [
        ...ids.map((id) => id - self),
        status?.kind === 'exited' && status.code === (child & 0xff),
      ];
    });
    expect(seen).toEqual([0, 0, -lab.process.pid, true]);
  });

  it('lets the child go on with the stack and thread block of its parent', () => {
    const lab = new Laboratory({ cpus: 2 });
    const code = lab.run(function* (t) {
      const { threadPointer, stackPointer } = t;
      yield* t.store(threadPointer + 128, 33);
      return yield* childCode(t, function* (c) {
        const isSame = c.threadPointer === threadPointer && c.stackPointer === stackPointer;
        yield* exit(c, isSame ? yield* c.load(threadPointer + 128) : 0);
      });
    });
    expect(code).toBe(33);
  });

  it('gives the child the handlers and the mask of its parent, but nothing that is pending', () => {
    const lab = new Laboratory({ cpus: 2 });
    const hits = lab.word();
    const code = lab.run(function* (t) {
      yield* sigaction(t, SIGUSR1, function* (h) {
        yield* h.fetchAdd(hits, 1);
      });
      yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet(SIGTERM, SIGUSR1));
      yield* kill(t, yield* getpid(t), SIGUSR1);
      return yield* childCode(t, function* (c) {
        const pending = yield* sigpending(c);
        const mask = yield* sigprocmask(c, SignalMaskHow.SIG_UNBLOCK, signalSet(SIGUSR1));
        yield* kill(c, yield* getpid(c), SIGUSR1);
        expect([pending, mask]).toEqual([signalSet(), signalSet(SIGTERM, SIGUSR1)]);
        yield* exit(c, yield* c.load(hits));
      });
    });
    expect(code).toBe(1);
    expect(lab.process.read32(hits)).toBe(0);
  });

  it('copies one thread: the others stay with the parent', () => {
    const lab = new Laboratory({ cpus: 4 });
    const word = lab.word();
    const names: string[] = [];
    lab.machine.events.on('spawn', ({ thread }) => names.push(lab.machine.thread(thread).name));
    lab.spawn(function* busy(t) {
      for (let i = 0; i < 2000; i++) yield* t.fetchAdd(word, 1);
    });
    lab.spawn(function* forking(t) {
      yield* childCode(t, function* child(c) {
        yield* c.load(word);
      });
    });
    lab.finish();
    expect(names).toEqual(['busy', 'forking', 'child']);
  });

  it('can be done by a child again, and threads of it do not share stacks', () => {
    const lab = new Laboratory({ cpus: 2 });
    const code = lab.run(function* (t) {
      return yield* childCode(t, function* (c) {
        const sum =
          (yield* childCode(c, function* (g) {
            yield* exit(g, 5);
          })) + 1;
        yield* exit(c, sum);
      });
    });
    expect(code).toBe(6);
  });

  it('returns -EAGAIN when the machine has no room, and all is as before', () => {
    const lab = new Laboratory({ cpus: 1, maxProcesses: 2 });
    const seen = lab.run(function* (t) {
      const idle: ThreadBody = function* (c) {
        for (;;) yield* c.syscall(SyscallNumber.pause);
      };
      const first = yield* fork(t, idle);
      const second = yield* fork(t, idle);
      yield* kill(t, first, SIGKILL);
      yield* waitpid(t, first);
      const third = yield* fork(t, idle);
      yield* kill(t, third, SIGKILL);
      return [first > 0, second, third > first];
    });
    expect(seen).toEqual([true, -Errno.EAGAIN, true]);
  });

  it('returns -EAGAIN when there is no thread slot', () => {
    const lab = new Laboratory({ cpus: 1, maxThreads: 1 });
    const seen = lab.run((t) =>
      fork(t, function* () {
        expect.unreachable();
      }),
    );
    expect(seen).toBe(-Errno.EAGAIN);
  });
});
