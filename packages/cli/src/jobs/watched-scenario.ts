import type { Scenario } from '@rseqlab/explorer';
import type { Machine } from '@rseqlab/sim-machine';
import { JobPhase } from './heartbeat.js';
import type { Heartbeat } from './heartbeat.js';

/** The same scenario, which tells a heartbeat what part of it runs, and beats at every decision. */
export function watchedScenario(scenario: Scenario, heartbeat: Heartbeat): Scenario {
  const { check } = scenario;
  const watched = new WeakSet<Machine>();
  const watch = (machine: Machine): void => {
    if (watched.has(machine)) return;
    watched.add(machine);
    machine.events.on('decision', () => heartbeat.beat());
  };
  return {
    ...scenario,
    setup(lab) {
      watch(lab.machine);
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
