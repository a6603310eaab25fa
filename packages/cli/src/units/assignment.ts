import type { UnitOrder } from './unit-order.js';

/**
 * What a thread is told of the order that a task is of: with every task, as it may be a thread that has just begun,
 * and in memory that is shared, as it may be long.
 */
export interface Assignment {
  /** A number that no other order of the process has. */
  readonly number: number;
  /** The order, as JSON in UTF-8. */
  readonly order: SharedArrayBuffer;
  /** Memory of the claims that all who do its units share, for an order that needs any. */
  readonly claims: SharedArrayBuffer | undefined;
}

/** What threads are told of an order. */
export function assignmentOf(
  number: number,
  order: UnitOrder,
  claims: SharedArrayBuffer | undefined,
): Assignment {
  const text = Buffer.from(JSON.stringify(order));
  const memory = new SharedArrayBuffer(text.length);
  text.copy(Buffer.from(memory));
  return { number, order: memory, claims };
}

/** The order that a thread was told of. */
export function orderOf({ order }: Assignment): UnitOrder {
  return JSON.parse(Buffer.from(order).toString()) as UnitOrder;
}
