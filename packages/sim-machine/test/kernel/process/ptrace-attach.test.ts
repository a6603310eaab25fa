import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { exit, fork, waitpid } from '../../../src/kernel/libc/processes.js';
import {
  attach,
  cont,
  detach,
  interrupt,
  pokeData,
  seize,
} from '../../../src/kernel/libc/ptrace.js';
import { kill } from '../../../src/kernel/libc/signals.js';
import { nanosleep } from '../../../src/kernel/libc/time.js';
import { WaitOption } from '../../../src/kernel/process/child-wait.js';
import { PTRACE_O_EXITKILL } from '../../../src/kernel/process/ptrace-request.js';
import { PTRACE_EVENT_STOP } from '../../../src/kernel/process/tracing.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { laboratory, spin, STOPPED } from './traced-child.js';

const { SIGSTOP, SIGTRAP, SIGKILL } = SignalNumber;

describe('PTRACE_ATTACH', () => {
  it('stops the thread with SIGSTOP; DETACH lets it go on', () => {
    const lab = laboratory(3);
    const seen = lab.run(function* (t) {
      const child = yield* fork(t, function* (c) {
        yield* spin(c, 3000);
        yield* exit(c, 4);
      });
      const results: unknown[] = [yield* attach(t, child)];
      results.push((yield* waitpid(t, child)).status);
      results.push(yield* detach(t, child));
      results.push((yield* waitpid(t, child)).status);
      return results;
    });
    expect(seen).toEqual([0, { ...STOPPED, signal: SIGSTOP }, 0, { kind: 'exited', code: 4 }]);
  });

  it('is possible for a process that is no child, which then shows its exit to the tracer first', () => {
    const lab = laboratory(3);
    const seen = lab.run(function* (t) {
      const results: unknown[] = [];
      const child = yield* fork(t, function* (c) {
        yield* spin(c, 6000);
        yield* exit(c, 4);
      });
      const tracer = yield* fork(t, function* (d) {
        yield* attach(d, child);
        const stop = yield* waitpid(d, child);
        yield* cont(d, child);
        yield* spin(d, 12_000);
        const end = yield* waitpid(d, child);
        const isRight = stop.status?.kind === 'stopped' && end.status?.kind === 'exited';
        yield* exit(d, isRight ? 1 : 0);
      });
      yield* spin(t, 9000);
      results.push((yield* waitpid(t, child, WaitOption.WNOHANG)).pid);
      results.push((yield* waitpid(t, tracer)).status);
      results.push((yield* waitpid(t, child)).status);
      return results;
    });
    expect(seen).toEqual([0, { kind: 'exited', code: 1 }, { kind: 'exited', code: 4 }]);
  });

  it('is possible for a process that was made from outside, whose exit the tracer sees', () => {
    const lab = laboratory(3);
    const target = lab.machine.createProcess('target');
    const word = target.allocate(4);
    target.spawn(function* (t) {
      yield* t.waitUntilEqual(word, 1);
      yield* exit(t, 4);
    });
    const seen = lab.run(function* (t) {
      const tid = lab.machine.threads.tid[0]!;
      yield* attach(t, tid);
      yield* waitpid(t, tid);
      yield* pokeData(t, tid, word, 1);
      yield* cont(t, tid);
      const { status } = yield* waitpid(t, tid);
      return [status, (yield* waitpid(t, tid)).pid];
    });
    expect(seen).toEqual([{ kind: 'exited', code: 4 }, -Errno.ECHILD]);
  });

  it('of one thread leaves the others running', () => {
    const lab = laboratory(4);
    const words = [lab.word(), lab.word()];
    const target = lab.machine.createProcess('target');
    const base = target.allocate(8);
    for (const offset of [0, 4])
      target.spawn(function* (t) {
        for (;;) yield* t.fetchAdd(base + offset, 1);
      });
    lab.run(function* (t) {
      const tid = lab.machine.threads.tid[0]!;
      yield* attach(t, tid);
      yield* waitpid(t, tid, WaitOption.WALL);
      const before = [target.read32(base), target.read32(base + 4)];
      yield* spin(t, 3000);
      const after = [target.read32(base), target.read32(base + 4)];
      yield* t.store(words[0]!, after[0]! - before[0]!);
      yield* t.store(words[1]!, after[1]! - before[1]!);
      yield* kill(t, target.pid, SIGKILL);
    });
    expect(lab.process.read32(words[0]!)).toBe(0);
    expect(lab.process.read32(words[1]!)).toBeGreaterThan(100);
  });
});

describe('PTRACE_SEIZE', () => {
  it('does not stop the thread; INTERRUPT does, as an event', () => {
    const lab = laboratory(3);
    const seen = lab.run(function* (t) {
      const child = yield* fork(t, (c) => spin(c, 1e9));
      const results: unknown[] = [yield* seize(t, child)];
      results.push((yield* waitpid(t, child, WaitOption.WNOHANG)).pid);
      results.push(yield* interrupt(t, child), (yield* waitpid(t, child)).status);
      yield* kill(t, child, SIGKILL);
      results.push((yield* waitpid(t, child)).status);
      return results;
    });
    expect(seen).toEqual([
      0,
      0,
      0,
      { kind: 'stopped', signal: SIGTRAP, event: PTRACE_EVENT_STOP },
      { kind: 'killed', signal: SIGKILL },
    ]);
  });

  it('INTERRUPT of a sleeping thread stops it, and the sleep goes on afterwards', () => {
    const lab = laboratory(3);
    const seen = lab.run(function* (t) {
      const child = yield* fork(t, function* (c) {
        yield* exit(c, (yield* nanosleep(c, 100_000)) === 0 ? 5 : 6);
      });
      yield* spin(t, 1000);
      yield* seize(t, child);
      yield* interrupt(t, child);
      const stop = yield* waitpid(t, child);
      yield* cont(t, child);
      return [stop.status?.kind, (yield* waitpid(t, child)).status];
    });
    expect(seen).toEqual(['stopped', { kind: 'exited', code: 5 }]);
  });

  it('reports a stop of the process as an event with the signal', () => {
    const lab = laboratory(3);
    const seen = lab.run(function* (t) {
      const child = yield* fork(t, (c) => spin(c, 1e9));
      yield* seize(t, child);
      yield* kill(t, child, SIGSTOP);
      const delivery = yield* waitpid(t, child);
      yield* cont(t, child, SIGSTOP);
      const group = yield* waitpid(t, child);
      yield* kill(t, child, SIGKILL);
      return [delivery.status, group.status];
    });
    expect(seen).toEqual([
      { ...STOPPED, signal: SIGSTOP },
      { kind: 'stopped', signal: SIGSTOP, event: PTRACE_EVENT_STOP },
    ]);
  });

  it('with EXITKILL kills the thread when its tracer exits; without it lets it go', () => {
    const lab = laboratory(4);
    const seen = lab.run(function* (t) {
      const statuses: unknown[] = [];
      for (const options of [PTRACE_O_EXITKILL, 0]) {
        const child = yield* fork(t, function* (c) {
          yield* spin(c, 6000);
          yield* exit(c, 3);
        });
        const tracer = yield* fork(t, function* (d) {
          yield* seize(d, child, options);
          yield* interrupt(d, child);
          yield* waitpid(d, child);
        });
        yield* waitpid(t, tracer);
        statuses.push((yield* waitpid(t, child)).status);
      }
      return statuses;
    });
    expect(seen).toEqual([
      { kind: 'killed', signal: SIGKILL },
      { kind: 'exited', code: 3 },
    ]);
  });
});
