import type { Operation } from '../operation.js';
import { SIG_DFL, SIG_IGN, SignalActionFlag } from '../signal/signal-action.js';
import { registerHandler } from '../signal/signal-handler.js';
import type { SignalHandler } from '../signal/signal-handler.js';
import { SignalCode } from '../signal/signal-info.js';
import { highBit, lowBit } from '../signal/signal-set.js';
import { SIGNAL_SET_BYTES } from '../syscalls/signal-syscalls.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';
import { redZone } from './red-zone.js';

/** A set of signals, in two words. */
export interface SignalSet {
  /** Signals 1 to 32. */
  readonly low: number;
  /** Signals 33 to 64. */
  readonly high: number;
}

/** The set of the given signals. @source sigsetops(3) */
export function signalSet(...signals: readonly number[]): SignalSet {
  let low = 0;
  let high = 0;
  for (const signal of signals) {
    low |= lowBit(signal);
    high |= highBit(signal);
  }
  return { low, high };
}

/** How a handler runs; all default to what sigaction does without flags. */
export interface SigactionOptions {
  /** Signals blocked while it runs, besides its own. */
  readonly mask?: SignalSet;
  /** SA_NODEFER: its own signal is not blocked. */
  readonly noDefer?: boolean;
  /** SA_RESETHAND: the action is the default again from then on. */
  readonly resetHand?: boolean;
  /** SA_RESTART: interrupted system calls are restarted. */
  readonly restart?: boolean;
  /** SA_ONSTACK: it runs on the alternate stack. */
  readonly onStack?: boolean;
  /** SA_NOCLDSTOP, for SIGCHLD. */
  readonly noChildStop?: boolean;
  /** SA_NOCLDWAIT, for SIGCHLD. */
  readonly noChildWait?: boolean;
}

/** Sets what the process does about a signal: 0 or a negative errno. @source sigaction(2) */
export function* sigaction(
  t: Thread,
  signal: number,
  handler: SignalHandler | 'default' | 'ignore',
  options: SigactionOptions = {},
): Operation<number> {
  const action = redZone(t);
  const mask = options.mask ?? signalSet();
  yield* t.store(action, handlerWord(t, handler));
  yield* t.store(action + 4, flagsOf(options));
  yield* t.store(action + 12, mask.low);
  yield* t.store(action + 16, mask.high);
  return yield* t.syscall(SyscallNumber.rt_sigaction, signal, action, 0, SIGNAL_SET_BYTES);
}

/** Changes the mask of the thread and returns the old one, or a negative errno. @source sigprocmask(2) */
export function* sigprocmask(
  t: Thread,
  how: number,
  set: SignalSet,
): Operation<number | SignalSet> {
  const address = redZone(t);
  yield* storeSet(t, address, set);
  const number = SyscallNumber.rt_sigprocmask;
  const result = yield* t.syscall(number, how, address, address + 8, SIGNAL_SET_BYTES);
  return result < 0 ? result : yield* loadSet(t, address + 8);
}

/** Signals that are blocked and pending, or a negative errno. @source sigpending(2) */
export function* sigpending(t: Thread): Operation<number | SignalSet> {
  const address = redZone(t);
  const result = yield* t.syscall(SyscallNumber.rt_sigpending, address, SIGNAL_SET_BYTES);
  return result < 0 ? result : yield* loadSet(t, address);
}

/** Sleeps with another mask until a handler has run: -EINTR. @source sigsuspend(2) */
export function* sigsuspend(t: Thread, set: SignalSet): Operation<number> {
  const address = redZone(t);
  yield* storeSet(t, address, set);
  return yield* t.syscall(SyscallNumber.rt_sigsuspend, address, SIGNAL_SET_BYTES);
}

/**
 * Takes a pending signal of a set, or sleeps until one comes.
 *
 * @param timeoutNs at most so long, an integer; forever when absent
 * @param info address of 128 bytes for its siginfo; 0 for none
 * @returns the signal, or a negative errno
 * @source sigtimedwait(2)
 */
export function* sigtimedwait(
  t: Thread,
  set: SignalSet,
  timeoutNs?: number,
  info = 0,
): Operation<number> {
  const address = redZone(t);
  yield* storeSet(t, address, set);
  let timeout = 0;
  if (timeoutNs !== undefined) {
    timeout = address + 8;
    yield* t.store(timeout, Math.floor(timeoutNs / 1e9));
    yield* t.store(timeout + 4, timeoutNs % 1e9);
  }
  const number = SyscallNumber.rt_sigtimedwait;
  return yield* t.syscall(number, address, info, timeout, SIGNAL_SET_BYTES);
}

/** Sleeps until a handler has run: -EINTR. @source pause(2) */
export function* pause(t: Thread): Operation<number> {
  return yield* t.syscall(SyscallNumber.pause);
}

/** Sends a signal to a process, or a group of them: 0 or a negative errno. @source kill(2) */
export function* kill(t: Thread, pid: number, signal: number): Operation<number> {
  return yield* t.syscall(SyscallNumber.kill, pid, signal);
}

/** Sends a signal to one thread: 0 or a negative errno. @source tgkill(2), pthread_kill(3) */
export function* tgkill(t: Thread, pid: number, tid: number, signal: number): Operation<number> {
  return yield* t.syscall(SyscallNumber.tgkill, pid, tid, signal);
}

/** Sends a signal to the calling thread: 0 or a negative errno. @source raise(3) */
export function* raise(t: Thread, signal: number): Operation<number> {
  const tid = yield* t.syscall(SyscallNumber.gettid);
  return yield* t.syscall(SyscallNumber.tkill, tid, signal);
}

/** Sends a signal with a value to a process: 0 or a negative errno. @source sigqueue(3) */
export function* sigqueue(
  t: Thread,
  pid: number,
  signal: number,
  value: number,
): Operation<number> {
  const self = yield* t.syscall(SyscallNumber.getpid);
  const info = redZone(t);
  yield* t.store(info, signal);
  yield* t.store(info + 8, SignalCode.SI_QUEUE);
  yield* t.store(info + 12, self);
  yield* t.store(info + 20, value);
  return yield* t.syscall(SyscallNumber.rt_sigqueueinfo, pid, signal, info);
}

/**
 * Gives the thread an alternate stack for handlers: 0 or a negative errno.
 *
 * @param bytes at least 2048; 0 takes it away
 * @source sigaltstack(2)
 */
export function* sigaltstack(t: Thread, base: number, bytes: number): Operation<number> {
  const stack = redZone(t);
  yield* t.store(stack, base);
  yield* t.store(stack + 4, bytes === 0 ? 2 : 0);
  yield* t.store(stack + 8, bytes);
  return yield* t.syscall(SyscallNumber.sigaltstack, stack, 0);
}

function* storeSet(t: Thread, address: number, set: SignalSet): Operation<void> {
  yield* t.store(address, set.low);
  yield* t.store(address + 4, set.high);
}

function* loadSet(t: Thread, address: number): Operation<SignalSet> {
  const low = yield* t.load(address);
  return { low, high: yield* t.load(address + 4) };
}

function handlerWord(t: Thread, handler: SignalHandler | 'default' | 'ignore'): number {
  if (handler === 'default') return SIG_DFL;
  return handler === 'ignore' ? SIG_IGN : registerHandler(t, handler);
}

function flagsOf(options: SigactionOptions): number {
  const flag = SignalActionFlag;
  return (
    (options.noDefer === true ? flag.SA_NODEFER : 0) |
    (options.resetHand === true ? flag.SA_RESETHAND : 0) |
    (options.restart === true ? flag.SA_RESTART : 0) |
    (options.onStack === true ? flag.SA_ONSTACK : 0) |
    (options.noChildStop === true ? flag.SA_NOCLDSTOP : 0) |
    (options.noChildWait === true ? flag.SA_NOCLDWAIT : 0) |
    flag.SA_SIGINFO
  );
}
