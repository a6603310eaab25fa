import type { UnitOrder } from './unit-order.js';

/** What every thread that does units is given. */
export interface UnitWorkerData {
  readonly order: UnitOrder;
  /** Memory of the claims that all of them share, for an order that needs any. */
  readonly claims: SharedArrayBuffer | undefined;
}
