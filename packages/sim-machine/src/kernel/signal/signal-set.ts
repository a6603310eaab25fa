import { SignalNumber } from './signal-number.js';

/** Signals 1 to 32 of a set that holds one signal. */
export function lowBit(signal: number): number {
  return signal <= 32 ? 1 << (signal - 1) : 0;
}

/** Signals 33 to 64 of a set that holds one signal. */
export function highBit(signal: number): number {
  return signal > 32 ? 1 << (signal - 33) : 0;
}

/** Whether a set, given as two words, holds a signal. */
export function holds(low: number, high: number, signal: number): boolean {
  return ((signal <= 32 ? low >>> (signal - 1) : high >>> (signal - 33)) & 1) === 1;
}

/** The smallest signal of a set, or 0. */
export function lowestSignal(low: number, high: number): number {
  if (low !== 0) return 32 - Math.clz32(low & -low);
  if (high !== 0) return 64 - Math.clz32(high & -high);
  return 0;
}

/** SIGKILL and SIGSTOP, which no mask blocks. @source sigprocmask(2) */
export const UNBLOCKABLE_LOW: number = lowBit(SignalNumber.SIGKILL) | lowBit(SignalNumber.SIGSTOP);

/** Signals that an instruction causes; they are delivered first. @source kernel/signal.c */
export const SYNCHRONOUS_LOW: number =
  lowBit(SignalNumber.SIGSEGV) |
  lowBit(SignalNumber.SIGBUS) |
  lowBit(SignalNumber.SIGILL) |
  lowBit(SignalNumber.SIGTRAP) |
  lowBit(SignalNumber.SIGFPE) |
  lowBit(SignalNumber.SIGSYS);

/** Signals that stop a process by default. @source signal(7) */
export const STOP_LOW: number =
  lowBit(SignalNumber.SIGSTOP) |
  lowBit(SignalNumber.SIGTSTP) |
  lowBit(SignalNumber.SIGTTIN) |
  lowBit(SignalNumber.SIGTTOU);
