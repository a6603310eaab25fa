import { X86_REGISTERS } from './x86-register.js';

/** A thread's register. */
export interface RegisterObservable {
  readonly kind: 'register';
  /** The thread's number, from 0. */
  readonly thread: number;
  /** As states name it: a register of the architecture, or a variable of a C function. */
  readonly register: string;
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
 * Orders observables as states list them: registers by thread and number, variables by name, then
 * locations by name.
 *
 * @returns negative, zero or positive, as a comparison function does
 */
export function compareObservables(left: Observable, right: Observable): number {
  if (left.kind === 'register') {
    if (right.kind !== 'register') return -1;
    const order = numberOf(left.register) - numberOf(right.register);
    return left.thread - right.thread || order || compareNames(left.register, right.register);
  }
  if (right.kind === 'register') return 1;
  return compareNames(left.location, right.location);
}

function numberOf(register: string): number {
  return (X86_REGISTERS as readonly string[]).indexOf(register);
}

function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
