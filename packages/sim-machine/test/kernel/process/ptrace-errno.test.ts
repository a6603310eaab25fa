import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { exit, fork, getpid, waitpid } from '../../../src/kernel/libc/processes.js';
import {
  attach,
  cont,
  interrupt,
  ptrace,
  seize,
  traceMe,
} from '../../../src/kernel/libc/ptrace.js';
import { kill } from '../../../src/kernel/libc/signals.js';
import { PTRACE_O_EXITKILL, PtraceRequest } from '../../../src/kernel/process/ptrace-request.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { laboratory, spin, tracedChild } from './traced-child.js';

const { SIGKILL } = SignalNumber;
const UNMAPPED = 0x30000000;

describe('ptrace returns', () => {
  const { PTRACE_CONT, PTRACE_PEEKDATA, PTRACE_POKEDATA, PTRACE_SETOPTIONS, PTRACE_GETSIGINFO } =
    PtraceRequest;
  const { PTRACE_GETREGS, PTRACE_SETREGS, PTRACE_INTERRUPT, PTRACE_DETACH, PTRACE_SINGLESTEP } =
    PtraceRequest;
  const { ESRCH, EPERM, EIO, EINVAL, EFAULT } = Errno;

  it.each([
    ['-EIO for an unknown request', 4711, 0, 0, -EIO],
    ['-EIO for a bad signal to go on with', PTRACE_CONT, 0, 65, -EIO],
    ['-EIO for a bad signal to step with', PTRACE_SINGLESTEP, 0, 65, -EIO],
    ['-EIO for a bad signal to detach with', PTRACE_DETACH, 0, -1, -EIO],
    ['-EIO for a read where nothing is mapped', PTRACE_PEEKDATA, UNMAPPED, 0x10000000, -EIO],
    ['-EIO for a write where nothing is mapped', PTRACE_POKEDATA, UNMAPPED, 1, -EIO],
    [
      '-EFAULT for a place of its own that is not mapped',
      PTRACE_PEEKDATA,
      0x10000000,
      UNMAPPED,
      -EFAULT,
    ],
    ['-EFAULT for registers to where nothing is mapped', PTRACE_GETREGS, 0, UNMAPPED, -EFAULT],
    ['-EFAULT for registers from where nothing is mapped', PTRACE_SETREGS, 0, UNMAPPED, -EFAULT],
    ['-EINVAL for unknown options', PTRACE_SETOPTIONS, 0, 1, -EINVAL],
    ['0 for EXITKILL', PTRACE_SETOPTIONS, 0, PTRACE_O_EXITKILL, 0],
    ['-EIO for INTERRUPT of a thread that was not seized', PTRACE_INTERRUPT, 0, 0, -EIO],
    ['-EFAULT for a siginfo to where nothing is mapped', PTRACE_GETSIGINFO, 0, UNMAPPED, -EFAULT],
  ])('%s', (_, request, address, data, result) => {
    const lab = laboratory();
    lab.word();
    const got = lab.run(function* (t) {
      const child = yield* tracedChild(t, (c) => spin(c, 10));
      const value = yield* ptrace(t, request, child, address, data);
      yield* kill(t, child, SIGKILL);
      return value;
    });
    expect(got).toBe(result);
  });

  it('-ESRCH for a thread that is not there, not traced, or not stopped', () => {
    const seen = laboratory(3).run(function* (t) {
      const child = yield* fork(t, (c) => spin(c, 1e9));
      const results = [yield* attach(t, 4711), yield* cont(t, child)];
      yield* seize(t, child);
      results.push(yield* cont(t, child));
      yield* kill(t, child, SIGKILL);
      return results;
    });
    expect(seen).toEqual([-ESRCH, -ESRCH, -ESRCH]);
  });

  it('-ESRCH to a thread that is not the tracer itself', () => {
    const lab = laboratory(3);
    let result = 0;
    lab.run(function* (t) {
      const child = yield* tracedChild(t, (c) => spin(c, 10));
      lab.spawn(function* (o) {
        result = yield* cont(o, child);
      });
      yield* spin(t, 2000);
      yield* kill(t, child, SIGKILL);
    });
    expect(result).toBe(-ESRCH);
  });

  it('-EPERM for a thread of the own process, and for one that is traced already', () => {
    const seen = laboratory(3).run(function* (t) {
      const results = [yield* attach(t, yield* getpid(t)), yield* seize(t, yield* getpid(t))];
      const child = yield* fork(t, function* (c) {
        yield* traceMe(c);
        yield* exit(c, -(yield* traceMe(c)));
      });
      const { status } = yield* waitpid(t, child);
      const other = yield* fork(t, (c) => spin(c, 1e9));
      yield* seize(t, other);
      results.push(yield* attach(t, other), status?.kind === 'exited' ? -status.code : 0);
      yield* kill(t, other, SIGKILL);
      return results;
    });
    expect(seen).toEqual([-EPERM, -EPERM, -EPERM, -EPERM]);
  });

  it('-EPERM to TRACEME in a process without a parent, -EIO to SEIZE with unknown options', () => {
    const seen = laboratory().run(function* (t) {
      const child = yield* fork(t, (c) => spin(c, 1e9));
      const results = [yield* traceMe(t), yield* seize(t, child, 1)];
      results.push(yield* ptrace(t, PtraceRequest.PTRACE_SEIZE, child, 4, 0));
      yield* kill(t, child, SIGKILL);
      return results;
    });
    expect(seen).toEqual([-EPERM, -EIO, -EIO]);
  });

  it('-EINVAL to GETSIGINFO in a stop that shows no signal', () => {
    const lab = laboratory();
    const info = lab.process.allocate(128);
    const got = lab.run(function* (t) {
      const child = yield* fork(t, (c) => spin(c, 1e9));
      yield* seize(t, child);
      yield* interrupt(t, child);
      yield* waitpid(t, child);
      const value = yield* ptrace(t, PTRACE_GETSIGINFO, child, 0, info);
      yield* kill(t, child, SIGKILL);
      return value;
    });
    expect(got).toBe(-EINVAL);
  });
});
