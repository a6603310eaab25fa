import type { LitmusOrder } from '../litmus/litmus-order.js';

/** What is to be done, wherever it is done: plain data. */
export type UnitOrder = LitmusOrder;

/** What complaints about an order are about. */
export interface OrderSubject {
  readonly file?: string;
  /** The folder that relative paths start from. */
  readonly folder: string;
}

/** What complaints about an order are about. */
export function subjectOfOrder({ folder }: UnitOrder): OrderSubject {
  return { folder };
}
