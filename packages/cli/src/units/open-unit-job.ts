import type { Heartbeat } from '../jobs/heartbeat.js';
import { openLitmusJob } from '../litmus/litmus-job.js';
import type { UnitJob } from './unit-job.js';
import type { UnitOrder } from './unit-order.js';

type Opener<Order extends UnitOrder> = (
  order: Order,
  heartbeat: Heartbeat,
) => UnitJob | Promise<UnitJob>;

const OPENERS: { readonly [Name in UnitOrder['command']]: Opener<UnitOrder & { command: Name }> } =
  {
    litmus: openLitmusJob,
  };

/**
 * Opens what an order is about, here and now.
 *
 * @throws CommandError when there is something wrong with a file
 */
export async function openUnitJob(order: UnitOrder, heartbeat: Heartbeat): Promise<UnitJob> {
  return OPENERS[order.command](order, heartbeat);
}
