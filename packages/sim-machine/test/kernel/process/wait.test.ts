import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { exit, fork, waitpid } from '../../../src/kernel/libc/processes.js';
import { kill, sigaction } from '../../../src/kernel/libc/signals.js';
import type { SigactionOptions } from '../../../src/kernel/libc/signals.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { WaitOption } from '../../../src/kernel/process/child-wait.js';
import {
  decodeWaitStatus,
  exitedStatus,
  killedStatus,
  stoppedStatus,
} from '../../../src/kernel/process/wait-status.js';
import { SignalCode } from '../../../src/kernel/signal/signal-info.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const { SIGCHLD, SIGKILL, SIGUSR1 } = SignalNumber;
const UNMAPPED = 0x30000000;

function* spin(t: Thread, times: number): Operation<void> {
  for (let i = 0; i < times; i++) yield* t.load(t.stackPointer - 64);
}

function laboratory(cpus = 2): Laboratory {
  return Laboratory.timed({ cpus }, { quantumCycles: 20 });
}

describe('the status that wait4 reports', () => {
  it.each([
    [exitedStatus(0), { kind: 'exited', code: 0 }],
    [exitedStatus(256 + 7), { kind: 'exited', code: 7 }],
    [killedStatus(9), { kind: 'killed', signal: 9 }],
    [stoppedStatus(19), { kind: 'stopped', signal: 19, event: 0 }],
    [stoppedStatus(5 | (128 << 8)), { kind: 'stopped', signal: 5, event: 128 }],
    [0xffff, { kind: 'continued' }],
  ])('%i means %o', (status, meaning) => {
    expect(decodeWaitStatus(status)).toEqual(meaning);
  });
});

describe('wait4', () => {
  it.each([
    ['without children', -1, 0, 0, -Errno.ECHILD],
    ['for a process that is no child', 4711, 0, 0, -Errno.ECHILD],
    ['with an unknown option', -1, 0, 4, -Errno.EINVAL],
    ['for the pid INT_MIN', -0x80000000, 0, 0, -Errno.ESRCH],
    ['with WNOHANG and without children', -1, 0, WaitOption.WNOHANG, -Errno.ECHILD],
  ])('%s returns %i', (_, pid, status, options, result) => {
    const got = laboratory(1).run((t) => t.syscall(SyscallNumber.wait4, pid, status, options, 0));
    expect(got).toBe(result);
  });

  it('reaps a child that exited before, and knows it no more', () => {
    const seen = laboratory().run(function* (t) {
      const child = yield* fork(t, (c) => exit(c, 3));
      yield* spin(t, 3000);
      const exists = yield* kill(t, child, 0);
      const first = yield* waitpid(t, child);
      const second = yield* waitpid(t, child);
      return [exists, first.pid === child, first.status, second.pid, yield* kill(t, child, 0)];
    });
    expect(seen).toEqual([0, true, { kind: 'exited', code: 3 }, -Errno.ECHILD, -Errno.ESRCH]);
  });

  it('with WNOHANG returns 0 while the child runs', () => {
    const seen = laboratory().run(function* (t) {
      const child = yield* fork(t, (c) => spin(c, 3000));
      const first = yield* waitpid(t, child, WaitOption.WNOHANG);
      return [first.pid, (yield* waitpid(t, child)).status];
    });
    expect(seen).toEqual([0, { kind: 'exited', code: 0 }]);
  });

  it('of any child finds each once', () => {
    const codes = laboratory(3).run(function* (t) {
      for (let i = 1; i <= 4; i++)
        yield* fork(t, function* (c) {
          yield* spin(c, (5 - i) * 500);
          yield* exit(c, i);
        });
      const found: number[] = [];
      for (;;) {
        const { pid, status } = yield* waitpid(t, -1);
        if (pid < 0) break;
        if (status?.kind === 'exited') found.push(status.code);
      }
      return found;
    });
    expect(codes.sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  });

  it('of a process group finds its members only', () => {
    const lab = laboratory();
    const seen = lab.run(function* (t) {
      const child = yield* fork(t, (c) => exit(c, 1));
      const wrong = yield* waitpid(t, -4711);
      const right = yield* waitpid(t, -lab.process.pid);
      return [wrong.pid, right.pid === child];
    });
    expect(seen).toEqual([-Errno.ECHILD, true]);
  });

  it('wakes the thread that waits for that child', () => {
    const lab = laboratory(4);
    const found: string[] = [];
    lab.run(function* (t) {
      const slow = yield* fork(t, (c) => spin(c, 4000));
      const fast = yield* fork(t, (c) => spin(c, 1000));
      for (const [name, pid] of [
        ['slow', slow],
        ['fast', fast],
      ] as const)
        lab.spawn(function* (w) {
          if ((yield* waitpid(w, pid)).pid === pid) found.push(name);
        });
      yield* spin(t, 8000);
    });
    expect(found).toEqual(['fast', 'slow']);
  });

  it('gives one child to one of two threads; the other learns that there is none left', () => {
    const lab = laboratory(4);
    const pids: number[] = [];
    lab.run(function* (t) {
      yield* fork(t, (c) => spin(c, 2000));
      for (let i = 0; i < 2; i++)
        lab.spawn(function* (w) {
          pids.push((yield* waitpid(w, -1)).pid);
        });
      yield* spin(t, 4000);
    });
    expect(pids.filter((pid) => pid === -Errno.ECHILD)).toHaveLength(1);
    expect(pids.filter((pid) => pid > 0)).toHaveLength(1);
  });

  it('reports a killed child', () => {
    const seen = laboratory().run(function* (t) {
      const child = yield* fork(t, (c) => spin(c, 1e9));
      yield* spin(t, 100);
      yield* kill(t, child, SIGKILL);
      return (yield* waitpid(t, child)).status;
    });
    expect(seen).toEqual({ kind: 'killed', signal: SIGKILL });
  });

  it('returns -EFAULT when the status cannot be written, and the child is gone', () => {
    const seen = laboratory().run(function* (t) {
      yield* fork(t, (c) => exit(c, 1));
      const first = yield* t.syscall(SyscallNumber.wait4, -1, UNMAPPED, 0, 0);
      return [first, (yield* waitpid(t, -1)).pid];
    });
    expect(seen).toEqual([-Errno.EFAULT, -Errno.ECHILD]);
  });

  it('fills struct rusage with zeros', () => {
    const lab = laboratory();
    const usage = lab.process.allocate(72);
    for (let i = 0; i < 18; i++) lab.process.write32(usage + i * 4, -1);
    lab.run(function* (t) {
      yield* fork(t, (c) => exit(c, 1));
      yield* t.syscall(SyscallNumber.wait4, -1, 0, 0, usage);
    });
    for (let i = 0; i < 18; i++) expect(lab.process.read32(usage + i * 4)).toBe(0);
  });
});

describe('SIGCHLD', () => {
  function exits(
    action: 'default' | 'ignore' | 'handler',
    options: SigactionOptions = {},
  ): { told: number[][]; waited: number } {
    const told: number[][] = [];
    const waited = laboratory().run(function* (t) {
      const handler =
        action === 'handler'
          ? function* (_: Thread, signal: number, info: { code: number; value: number }) {
              told.push([signal, info.code, info.value]);
            }
          : action;
      yield* sigaction(t, SIGCHLD, handler, options);
      const child = yield* fork(t, (c) => exit(c, 6));
      yield* spin(t, 3000);
      const { pid } = yield* waitpid(t, child);
      return pid > 0 ? 1 : pid;
    });
    return { told, waited };
  }

  it('tells the parent how the child exited', () => {
    expect(exits('handler')).toEqual({ told: [[SIGCHLD, SignalCode.CLD_EXITED, 6]], waited: 1 });
  });

  it('ignored leaves no zombie', () => {
    expect(exits('ignore')).toEqual({ told: [], waited: -Errno.ECHILD });
  });

  it('with SA_NOCLDWAIT leaves no zombie, and is sent nevertheless', () => {
    expect(exits('handler', { noChildWait: true })).toEqual({
      told: [[SIGCHLD, SignalCode.CLD_EXITED, 6]],
      waited: -Errno.ECHILD,
    });
  });

  it('comes after wait4 has seen the child, which a handler then does not find', () => {
    const results: number[] = [];
    laboratory().run(function* (t) {
      yield* sigaction(t, SIGCHLD, function* (h) {
        results.push((yield* waitpid(h, -1, WaitOption.WNOHANG)).pid);
      });
      const child = yield* fork(t, (c) => spin(c, 1000));
      results.push((yield* waitpid(t, child)).pid === child ? 1 : 0);
    });
    expect(results).toEqual([-Errno.ECHILD, 1]);
  });
});

describe('orphans', () => {
  it('have no parent, and their slots are free once they exit', () => {
    const lab = Laboratory.timed({ cpus: 2, maxProcesses: 3 }, { quantumCycles: 20 });
    const parents: number[] = [];
    const seen = lab.run(function* (t) {
      const child = yield* fork(t, function* (c) {
        yield* fork(c, function* (g) {
          yield* spin(g, 2000);
          parents.push(yield* g.syscall(SyscallNumber.getppid));
        });
        yield* exit(c, 0);
      });
      yield* waitpid(t, child);
      yield* spin(t, 6000);
      const more = [yield* fork(t, (c) => exit(c, 0)), yield* fork(t, (c) => exit(c, 0))];
      return [(yield* waitpid(t, child)).pid, ...more.map((pid) => pid > 0)];
    });
    expect(parents).toEqual([0]);
    expect(seen).toEqual([-Errno.ECHILD, true, true]);
  });

  it('that are zombies are reaped when their parent exits', () => {
    const lab = Laboratory.timed({ cpus: 2, maxProcesses: 3 }, { quantumCycles: 20 });
    const seen = lab.run(function* (t) {
      const child = yield* fork(t, function* (c) {
        yield* fork(c, (g) => exit(g, 0));
        yield* spin(c, 2000);
        yield* exit(c, 0);
      });
      yield* waitpid(t, child);
      return [yield* fork(t, (c) => exit(c, 0)), yield* fork(t, (c) => exit(c, 0))];
    });
    expect(seen.every((pid) => pid > 0)).toBe(true);
  });
});

describe('a clone that ends with another signal', () => {
  it('is found with __WCLONE or __WALL only, and sends that signal', () => {
    const seen = laboratory().run(function* (t) {
      const got: unknown[] = [];
      yield* sigaction(t, SIGUSR1, function* (_, signal) {
        got.push(signal);
      });
      const program = t.process.programs.add(t.id, (c: Thread) => exit(c, 2));
      const child = yield* t.syscall(SyscallNumber.clone, SIGUSR1, 0, 0, 0, 0, program);
      yield* spin(t, 2000);
      got.push((yield* waitpid(t, child)).pid);
      got.push((yield* waitpid(t, child, WaitOption.WCLONE)).pid === child);
      return got;
    });
    expect(seen).toEqual([SIGUSR1, -Errno.ECHILD, true]);
  });
});
