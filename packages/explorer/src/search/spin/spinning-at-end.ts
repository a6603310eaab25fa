import { ScriptedDirector } from '@rseqlab/sim-machine';
import type { MachineConfig, ReplayRecord } from '@rseqlab/sim-machine';
import { ScenarioRunner } from '../../scenario-runner.js';
import type { Scenario } from '../../scenario.js';
import type { WindowRead } from './read-windows.js';
import type { InterruptibleDirector } from './spin-aware-director.js';

type Recorded = Pick<ReplayRecord, 'decisions' | 'granularity' | 'scheduling'>;

/** Makes the decisions of a list; nobody is looked at before they are all made. */
function repeating({ decisions, ...kind }: Recorded): InterruptibleDirector {
  const script = new ScriptedDirector(decisions, kind);
  return {
    ...kind,
    name: 'repeating',
    get isRepeating() {
      return script.position < decisions.length;
    },
    start: () => {
      script.start();
    },
    decide: () => script.decide(),
    choose: () => script.choose(),
  };
}

/**
 * The threads that spin at the end of a recorded run, where nobody is left who could change what they
 * read; with what each reads in one round.
 *
 * @returns undefined where anybody can go on
 * @throws MachineError `ERR_DECISION`, ExplorerError `ERR_SCENARIO`: as `recordRun` does
 */
export function spinningAtEnd(
  scenario: Scenario,
  recorded: Recorded,
  machine: MachineConfig = {},
): ReadonlyMap<number, readonly WindowRead[]> | undefined {
  const director = repeating(recorded);
  const runner = new ScenarioRunner(scenario, director, machine, 'held back');
  try {
    return runner.run(director).result.outcome === 'stuck' ? roundsOf(runner) : undefined;
  } finally {
    runner.giveBack();
  }
}

function roundsOf(runner: ScenarioRunner): ReadonlyMap<number, readonly WindowRead[]> {
  const rounds = new Map<number, readonly WindowRead[]>();
  for (let thread = 0; thread < runner.machine.threads.highWater; thread++) {
    const round = runner.spins!.roundOf(thread);
    if (round.length > 0) rounds.set(thread, round);
  }
  return rounds;
}
