import type { Scenario } from '../../../../src/scenario.js';
import { preparedCheck } from '../../../../src/search/check.js';
import type { CheckOptions } from '../../../../src/search/check.js';
import { StateUnits } from '../../../../src/search/plan/state-units.js';
import type { LaneReport } from '../../../../src/search/states/together/lane-round.js';
import type { SearchShape } from '../../../../src/search/states/together/search-memory.js';
import { StateRounds } from '../../../../src/search/states/together/state-rounds.js';
import type { RoundOptions } from '../../../../src/search/states/together/state-rounds.js';

/** How several search in one thread, in turns. */
export interface TurnOptions extends Partial<RoundOptions> {
  /** Stops after so many rounds. */
  readonly stopAfter?: number;
}

/** How large what is shared is in a search of a scenario's states. */
export function shapeOf(scenario: Scenario, options: CheckOptions): SearchShape {
  return unitsOf(scenario, options).plan('rounds')[0]!.work as SearchShape;
}

function unitsOf(scenario: Scenario, options: CheckOptions): StateUnits {
  const prepared = preparedCheck(scenario, { ...options, search: 'states' });
  return new StateUnits(scenario, { ...prepared, machine: options.machine ?? {} });
}

/** Lets several search a scenario's states in turns. */
export function searchTogether(
  scenario: Scenario,
  options: CheckOptions,
  { stopAfter = Infinity, ...turns }: TurnOptions = {},
): StateRounds {
  const lanes = turns.lanes ?? 2;
  const team = Array.from({ length: lanes }, () => unitsOf(scenario, options));
  const rounds = new StateRounds({
    shape: team[0]!.plan('rounds')[0]!.work as SearchShape,
    reduces: options.reduce === true,
    lanes,
    executions: team[0]!.budget,
    keeps: false,
    inTurns: true,
    most: 7,
    first: 5,
    ...turns,
  });
  for (let n = 0; n < stopAfter; n++) {
    const works = rounds.next();
    if (works === undefined) break;
    const values = works.map((work, lane) => team[lane]!.perform(work, [], () => undefined).value);
    if (typeof values[0] === 'number') rounds.note(values[0]);
    else rounds.note(values as readonly LaneReport[]);
  }
  return rounds;
}
