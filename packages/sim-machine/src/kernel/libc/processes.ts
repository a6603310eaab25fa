import type { Operation } from '../operation.js';
import { decodeWaitStatus } from '../process/wait-status.js';
import type { WaitStatus } from '../process/wait-status.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread, ThreadBody } from '../thread.js';
import { redZone } from './red-zone.js';

/**
 * Makes a child process that runs `body` in a copy of the address space.
 *
 * A running generator cannot be copied, so that the child's program is named instead of being what
 * follows in the parent. It finds memory as it was, and the parent's handlers.
 *
 * @returns the child's pid, to the parent; a negative errno
 * @source fork(2)
 */
export function* fork(t: Thread, body: ThreadBody): Operation<number> {
  const { programs } = t.process;
  const program = programs.add(t.id, body);
  const pid = yield* t.syscall(SyscallNumber.fork, 0, 0, 0, 0, 0, program);
  programs.release(program);
  return pid;
}

/**
 * Replaces the program of the process by `body`, in an empty address space.
 *
 * @returns a negative errno, or not at all
 * @source execve(2)
 */
export function* exec(t: Thread, body: ThreadBody): Operation<number> {
  const { programs } = t.process;
  const program = programs.add(t.id, body);
  const error = yield* t.syscall(SyscallNumber.execve, program);
  programs.release(program);
  return error;
}

/** What waitpid found. */
export interface WaitResult {
  /** The child; 0 with WNOHANG when there is nothing to report yet; a negative errno. */
  readonly pid: number;
  /** What happened to it, when there is a child. */
  readonly status: WaitStatus | undefined;
}

/**
 * Waits until a child has exited, or something else that the options name.
 *
 * @param pid a child; -1 for any, 0 for any of the own group, below -1 for any of a group
 * @param options `WaitOption` bits
 * @source waitpid(2)
 */
export function* waitpid(t: Thread, pid: number, options = 0): Operation<WaitResult> {
  const address = redZone(t);
  const found = yield* t.syscall(SyscallNumber.wait4, pid, address, options, 0);
  if (found <= 0) return { pid: found, status: undefined };
  return { pid: found, status: decodeWaitStatus(yield* t.load(address)) };
}

/** Ends the process with an exit code, 0 to 255; does not return. @source exit(3), exit_group(2) */
export function* exit(t: Thread, code: number): Operation<void> {
  yield* t.syscall(SyscallNumber.exit_group, code);
}

/** The process id. @source getpid(2) */
export function* getpid(t: Thread): Operation<number> {
  return yield* t.syscall(SyscallNumber.getpid);
}

/** The parent's process id; 0 without one. @source getppid(2) */
export function* getppid(t: Thread): Operation<number> {
  return yield* t.syscall(SyscallNumber.getppid);
}

/** The thread id. @source gettid(2) */
export function* gettid(t: Thread): Operation<number> {
  return yield* t.syscall(SyscallNumber.gettid);
}
