import type { Operation } from '../operation.js';
import { PTRACE_REGISTER_WORDS, PtraceRequest } from '../process/ptrace-request.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';
import { redZone } from './red-zone.js';

/** Registers of a stopped thread. */
export interface TracedRegisters {
  /** r0 to r15. */
  readonly general: readonly number[];
  /** The address of the next instruction. */
  readonly ip: number;
  /** The number of the last system call. */
  readonly syscall: number;
}

/**
 * Any request of ptrace, as the system call takes it: 0 or what the request returns, or a negative
 * errno.
 *
 * @source ptrace(2)
 */
export function* ptrace(
  t: Thread,
  request: number,
  tid = 0,
  address = 0,
  data = 0,
): Operation<number> {
  return yield* t.syscall(SyscallNumber.ptrace, request, tid, address, data);
}

/** Has the parent trace the calling thread. */
export function* traceMe(t: Thread): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_TRACEME);
}

/** Begins to trace a thread, and stops it with SIGSTOP. */
export function* attach(t: Thread, tid: number): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_ATTACH, tid);
}

/** Begins to trace a thread without stopping it. @param options PTRACE_O_EXITKILL or 0 */
export function* seize(t: Thread, tid: number, options = 0): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_SEIZE, tid, 0, options);
}

/** Stops a thread that was seized. */
export function* interrupt(t: Thread, tid: number): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_INTERRUPT, tid);
}

/** Lets a stopped thread go on, with a signal if it stopped to show one. */
export function* cont(t: Thread, tid: number, signal = 0): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_CONT, tid, 0, signal);
}

/** As {@link cont}, for one instruction; then it stops by SIGTRAP. */
export function* singleStep(t: Thread, tid: number, signal = 0): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_SINGLESTEP, tid, 0, signal);
}

/** Lets a stopped thread go on untraced. */
export function* detach(t: Thread, tid: number, signal = 0): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_DETACH, tid, 0, signal);
}

/** Writes a word into the memory of a stopped thread. */
export function* pokeData(
  t: Thread,
  tid: number,
  address: number,
  value: number,
): Operation<number> {
  return yield* ptrace(t, PtraceRequest.PTRACE_POKEDATA, tid, address, value);
}

/** What {@link peekData} found. */
export interface PeekResult {
  /** 0 or a negative errno. */
  readonly error: number;
  /** The word. */
  readonly value: number;
}

/** Reads a word from the memory of a stopped thread. */
export function* peekData(t: Thread, tid: number, address: number): Operation<PeekResult> {
  const data = redZone(t);
  const error = yield* ptrace(t, PtraceRequest.PTRACE_PEEKDATA, tid, address, data);
  return { error, value: error < 0 ? 0 : yield* t.load(data) };
}

/** The registers of a stopped thread, or a negative errno. */
export function* getRegisters(t: Thread, tid: number): Operation<TracedRegisters | number> {
  const data = redZone(t);
  const error = yield* ptrace(t, PtraceRequest.PTRACE_GETREGS, tid, 0, data);
  if (error < 0) return error;
  const words: number[] = [];
  for (let i = 0; i < PTRACE_REGISTER_WORDS; i++) words.push(yield* t.load(data + i * 4));
  return { general: words.slice(0, 16), ip: words[16]!, syscall: words[17]! };
}

/** Replaces the registers of a stopped thread: 0 or a negative errno. */
export function* setRegisters(
  t: Thread,
  tid: number,
  registers: TracedRegisters,
): Operation<number> {
  const data = redZone(t);
  const words = [...registers.general, registers.ip, registers.syscall];
  for (const [i, word] of words.entries()) yield* t.store(data + i * 4, word);
  return yield* ptrace(t, PtraceRequest.PTRACE_SETREGS, tid, 0, data);
}
