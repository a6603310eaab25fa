import type { CheckJob } from '../jobs/job.js';
import type { LitmusOrder } from '../litmus/litmus-order.js';

/** What is to be done, wherever it is done: plain data. */
export type UnitOrder = LitmusOrder | CheckJob;

/** What complaints about an order are about. */
export interface OrderSubject {
  readonly file?: string;
  /** The folder that relative paths start from. */
  readonly folder: string;
}

/** Whether an order runs code of its user's, which may hang. */
export function isWatched({ command }: UnitOrder): boolean {
  return command === 'check';
}

/** Whether those who do units may leave states to each other. */
export function claimsStates(order: UnitOrder): boolean {
  return order.command === 'check' && (order.search ?? 'graphs') === 'graphs';
}

/** What complaints about an order are about. */
export function subjectOfOrder(order: UnitOrder): OrderSubject {
  const { folder } = order;
  return order.command === 'check' ? { folder, file: order.file } : { folder };
}
