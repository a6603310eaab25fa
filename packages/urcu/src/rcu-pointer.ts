import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from './domain/rcu-token.js';

/**
 * Address of a word that holds the address of a `Target`, or 0: what readers follow under RCU.
 *
 * The type parameter is evidence only: it keeps addresses of different things apart.
 */
export type RcuPointer<Target> = number & { readonly rcuPointerTo: Target };

/** Address of a `Target`; what {@link rcuDereference} found is valid until the read section ends. */
export type AddressOf<Target> = number & { readonly addressOf: Target };

/**
 * Reads a pointer in a read section: what it points to is not freed before the section ends.
 *
 * Pairs with {@link rcuAssignPointer}: accesses through the address are ordered behind the load.
 *
 * @param _section the token of a read section that the thread is in; no section, no token
 * @returns 0 when the pointer is NULL
 * @source linux, Documentation/RCU/rcu_dereference.rst
 */
export function* rcuDereference<Target>(
  t: Thread,
  _section: RcuToken,
  pointer: RcuPointer<Target>,
): Operation<AddressOf<Target>> {
  return (yield* t.loadAcquire(pointer)) as AddressOf<Target>;
}

/** Publishes what `value` is the address of: readers that find it see it whole. Release. */
export function rcuAssignPointer<Target>(
  t: Thread,
  pointer: RcuPointer<Target>,
  value: AddressOf<Target>,
): Operation<void> {
  return t.storeRelease(pointer, value);
}

/**
 * Publishes `value` as {@link rcuAssignPointer} does, and is a call on its own in liburcu: from a library,
 * where the assignment is a macro.
 *
 * @source liburcu, include/urcu/pointer.h (rcu_set_pointer)
 */
export function rcuSetPointer<Target>(
  t: Thread,
  pointer: RcuPointer<Target>,
  value: AddressOf<Target>,
): Operation<void> {
  return rcuAssignPointer(t, pointer, value);
}

/** Publishes `value` and returns what it replaced, which readers may have until a grace period ends. */
export function* rcuXchgPointer<Target>(
  t: Thread,
  pointer: RcuPointer<Target>,
  value: AddressOf<Target>,
): Operation<AddressOf<Target>> {
  return (yield* t.exchange(pointer, value)) as AddressOf<Target>;
}

/** Publishes `value` if the pointer holds `expected`; returns what it held. */
export function* rcuCmpxchgPointer<Target>(
  t: Thread,
  pointer: RcuPointer<Target>,
  expected: AddressOf<Target>,
  value: AddressOf<Target>,
): Operation<AddressOf<Target>> {
  return (yield* t.compareExchange(pointer, expected, value)) as AddressOf<Target>;
}
