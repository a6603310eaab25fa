import { ScriptedDirector } from '@rseqlab/sim-machine';
import type { MachineConfig, ReplayRecord } from '@rseqlab/sim-machine';
import { ScenarioRunner } from '../../scenario-runner.js';
import type { Scenario } from '../../scenario.js';
import type { WindowRead } from './read-windows.js';
import type { InterruptibleDirector } from './spin-aware-director.js';

type Recorded = Pick<ReplayRecord, 'decisions' | 'granularity' | 'scheduling'>;

/** Makes the decisions of a list. @param looksBefore - whether anybody is looked at before they are all made */
function repeating({ decisions, ...kind }: Recorded, looksBefore: boolean): InterruptibleDirector {
  const script = new ScriptedDirector(decisions, kind);
  return {
    ...kind,
    name: 'repeating',
    get isRepeating() {
      return !looksBefore && script.position < decisions.length;
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
  const director = repeating(recorded, false);
  const runner = new ScenarioRunner(scenario, director, machine, 'held back');
  try {
    if (runner.run(director).result.outcome === 'stuck') return roundsOf(runner);
    // Of who has yielded it is seen where it yields, that it only goes round.
    if (!runner.spins!.knowledge.hasYields) return undefined;
    const { outcome } = runner.run(repeating(recorded, true)).result;
    return outcome === 'stuck' ? roundsOf(runner) : undefined;
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
