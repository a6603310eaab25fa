import type { EventAllowance, MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';

/** Whether a scenario allows kernel events of any kind. */
export function mayInject(scenario: Scenario, overrides: MachineConfig): boolean {
  const events = overrides.events ?? scenario.events ?? scenario.machine?.events;
  return allowsAny(events ?? {});
}

/** Whether a search may inject kernel events of any kind. */
function allowsAny({ preemption = true, migration = true, ...others }: EventAllowance): boolean {
  return preemption || migration || Object.values(others).some((allowed) => allowed !== false);
}
