import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { exec, exit, waitpid } from '../../../src/kernel/libc/processes.js';
import type { WaitResult } from '../../../src/kernel/libc/processes.js';
import { cont, peekData, pokeData, ptrace, seize } from '../../../src/kernel/libc/ptrace.js';
import { kill, raise, sigaction } from '../../../src/kernel/libc/signals.js';
import { WaitOption } from '../../../src/kernel/process/child-wait.js';
import { PtraceRequest } from '../../../src/kernel/process/ptrace-request.js';
import { SignalCode } from '../../../src/kernel/signal/signal-info.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { laboratory, spin, STOPPED, tracedChild } from './traced-child.js';

const { SIGTRAP, SIGUSR1, SIGUSR2, SIGKILL, SIGCONT, SIGTERM } = SignalNumber;

describe('a traced thread', () => {
  it('stops before a signal is delivered, and gets the one its tracer says', () => {
    const lab = laboratory();
    const hits = lab.process.allocate(8);
    const seen = lab.run(function* (t) {
      const statuses: unknown[] = [];
      const child = yield* tracedChild(t, function* (c) {
        for (const [signal, word] of [
          [SIGUSR1, hits],
          [SIGUSR2, hits + 4],
        ] as const)
          yield* sigaction(c, signal, function* (h) {
            yield* h.fetchAdd(word, 1);
          });
        for (let i = 0; i < 3; i++) yield* raise(c, SIGUSR1);
        yield* exit(c, (yield* c.load(hits)) * 16 + (yield* c.load(hits + 4)));
      });
      yield* cont(t, child);
      for (const inject of [0, SIGUSR1, SIGUSR2]) {
        statuses.push((yield* waitpid(t, child)).status);
        yield* cont(t, child, inject);
        if (inject === SIGUSR2) continue;
      }
      statuses.push((yield* waitpid(t, child)).status);
      return statuses;
    });
    const stop = { ...STOPPED, signal: SIGUSR1 };
    expect(seen).toEqual([stop, stop, stop, { kind: 'exited', code: 0x11 }]);
  });

  it('shows its tracer where a signal came from', () => {
    const lab = laboratory();
    const info = lab.process.allocate(128);
    lab.run(function* (t) {
      const child = yield* tracedChild(t, (c) => raise(c, SIGUSR1));
      yield* cont(t, child);
      yield* waitpid(t, child);
      expect(yield* ptrace(t, PtraceRequest.PTRACE_GETSIGINFO, child, 0, info)).toBe(0);
      yield* cont(t, child);
      yield* waitpid(t, child);
    });
    const words = [0, 8].map((offset) => lab.process.read32(info + offset));
    expect(words).toEqual([SIGUSR1, SignalCode.SI_TKILL]);
  });

  it("lets its tracer read and write its memory, which is not the tracer's", () => {
    const lab = laboratory();
    const word = lab.word(1);
    const seen = lab.run(function* (t) {
      const child = yield* tracedChild(t, function* (c) {
        yield* c.store(word, (yield* c.load(word)) + 100);
        yield* raise(c, SIGUSR1);
        yield* exit(c, yield* c.load(word));
      });
      const results: unknown[] = [yield* pokeData(t, child, word, 5)];
      yield* cont(t, child);
      yield* waitpid(t, child);
      results.push((yield* peekData(t, child, word)).value, yield* t.load(word));
      yield* pokeData(t, child, word, 7);
      yield* cont(t, child);
      results.push((yield* waitpid(t, child)).status);
      return results;
    });
    expect(seen).toEqual([0, 105, 1, { kind: 'exited', code: 7 }]);
  });
});

describe('exec of a traced thread', () => {
  it('stops it by SIGTRAP at the start of the new program', () => {
    const lab = laboratory();
    const seen = lab.run(function* (t) {
      const child = yield* tracedChild(t, (c) => exec(c, (n) => exit(n, 8)));
      yield* cont(t, child);
      const stop = yield* waitpid(t, child);
      yield* cont(t, child);
      return [stop.status, (yield* waitpid(t, child)).status];
    });
    expect(seen).toEqual([
      { ...STOPPED, signal: SIGTRAP },
      { kind: 'exited', code: 8 },
    ]);
  });
});

describe('a stopped thread', () => {
  it.each([
    ['SIGCONT', SIGCONT],
    ['SIGTERM', SIGTERM],
  ])('is not moved by %s, but by SIGKILL', (_, signal) => {
    const lab = laboratory();
    const seen = lab.run(function* (t) {
      const child = yield* tracedChild(t, (c) => spin(c, 1000));
      yield* kill(t, child, signal);
      yield* spin(t, 2000);
      const still: WaitResult = yield* waitpid(t, child, WaitOption.WNOHANG);
      yield* kill(t, child, SIGKILL);
      return [still.pid, (yield* waitpid(t, child)).status];
    });
    expect(seen).toEqual([0, { kind: 'killed', signal: SIGKILL }]);
  });
});

describe('a traced thread that is no leader', () => {
  it('shows its exit to its tracer by its tid', () => {
    const lab = laboratory(4);
    const target = lab.machine.createProcess('target');
    target.spawn((t) => spin(t, 6000));
    const other = target.spawn((t) => spin(t, 3000));
    const seen = lab.run(function* (t) {
      const tid = lab.machine.threads.tid[other.id]!;
      yield* seize(t, tid);
      const { pid, status } = yield* waitpid(t, tid, WaitOption.WALL);
      return [pid === tid, status, (yield* waitpid(t, tid, WaitOption.WALL)).pid];
    });
    expect(seen).toEqual([true, { kind: 'exited', code: 0 }, -Errno.ECHILD]);
  });
});
