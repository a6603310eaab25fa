import { X86_REGISTERS, type X86Register } from './x86-register.js';

/** A thread's register. */
export interface RegisterObservable {
  readonly kind: 'register';
  /** The thread's number, from 0. */
  readonly thread: number;
  readonly register: X86Register;
}

/** A named location in memory. */
export interface LocationObservable {
  readonly kind: 'location';
  readonly location: string;
}

/** Something that has a value when a test has run: a register or a location. */
export type Observable = RegisterObservable | LocationObservable;

/** How states write it, which also tells it from every other one: `0:rax`, `[x]`. */
export function observableKey(observable: Observable): string {
  return observable.kind === 'register'
    ? `${observable.thread}:${observable.register}`
    : `[${observable.location}]`;
}

/**
 * Orders observables as states list them: registers by thread and number, then locations by name.
 *
 * @returns negative, zero or positive, as a comparison function does
 */
export function compareObservables(left: Observable, right: Observable): number {
  if (left.kind === 'register') {
    if (right.kind !== 'register') return -1;
    const order = X86_REGISTERS.indexOf(left.register) - X86_REGISTERS.indexOf(right.register);
    return left.thread - right.thread || order;
  }
  if (right.kind === 'register') return 1;
  return left.location < right.location ? -1 : left.location > right.location ? 1 : 0;
}
