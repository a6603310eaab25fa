import type { Claims } from '@rseqlab/explorer';
import { openCheckJob } from '../jobs/check-units.js';
import type { Heartbeat } from '../jobs/heartbeat.js';
import { openLitmusJob } from '../litmus/litmus-job.js';
import type { UnitJob } from './unit-job.js';
import type { UnitOrder } from './unit-order.js';

type Opener<Order extends UnitOrder> = (
  order: Order,
  heartbeat: Heartbeat,
  onLoaded: (scenario: string) => void,
  claims: Claims | undefined,
) => UnitJob | Promise<UnitJob>;

const OPENERS: { readonly [Name in UnitOrder['command']]: Opener<UnitOrder & { command: Name }> } =
  {
    check: openCheckJob,
    litmus: openLitmusJob,
  };

/**
 * Opens what an order is about, here and now.
 *
 * @param onLoaded - told the name of the scenario, if there is one, before anything of it runs
 * @param claims - shared with all who do units of the order at the same time
 * @throws CommandError when there is something wrong with a file
 */
export async function openUnitJob(
  order: UnitOrder,
  heartbeat: Heartbeat,
  onLoaded: (scenario: string) => void,
  claims?: Claims,
): Promise<UnitJob> {
  // Each opener is given the order of its own name.
  const open = OPENERS[order.command] as Opener<UnitOrder>;
  return open(order, heartbeat, onLoaded, claims);
}
