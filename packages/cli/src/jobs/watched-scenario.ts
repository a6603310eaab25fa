import { MachinePool } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { JobPhase } from './heartbeat.js';
import type { Heartbeat } from './heartbeat.js';

/**
 * The same scenario, which tells a heartbeat what part of it runs, and beats at every decision; all that run it one
 * after the other do so on one machine.
 */
export function watchedScenario(scenario: Scenario, heartbeat: Heartbeat): Scenario {
  const { check } = scenario;
  return {
    ...scenario,
    machines: new MachinePool((machine) => {
      machine.events.on('decision', () => heartbeat.beat());
    }),
    setup(lab) {
      heartbeat.enter(JobPhase.Setup);
      const state = scenario.setup(lab);
      heartbeat.enter(JobPhase.Threads);
      return state;
    },
    ...(check && {
      check(state, lab) {
        heartbeat.enter(JobPhase.Check);
        check(state, lab);
      },
    }),
  };
}
