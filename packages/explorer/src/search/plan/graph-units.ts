import { ExhaustiveSearch } from '../exhaustive-pass.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';
import { GraphSearch } from '../graphs/graph-search.js';
import type { GraphNotes, GraphUnit } from '../graphs/graph-unit.js';
import { mergeGraphs } from '../graphs/merge-graphs.js';
import type { Cutting, UnitSearch } from './unit-search.js';
import { equalUnits } from './search-plan.js';
import type { PlannedUnit, UnitOutcome } from './search-plan.js';
import { WholeUnits } from './whole-units.js';
import type { WholeValue } from './whole-units.js';

/** Units that a search is cut into at first, at least, if it can be. */
const UNITS = 64;

/** Executions after which a unit is cut into others, and into how many at least. */
const LONG_EXECUTIONS = 10_000;
const SPLIT_UNITS = 16;

/** A part of the search, or the search of everything once a part has failed. */
type GraphWork = GraphUnit | 'everything';

/** What a part met, what everything came to, or nothing of a part that was cut. */
type GraphUnitValue =
  | { readonly executions: number; readonly notes: GraphNotes }
  | { readonly whole: WholeValue }
  | null;

/**
 * A search for graphs in parts, which comes to exactly what one comes to that is not cut.
 *
 * What holds is counted from what all parts met. Where a part finds something, or reaches a limit, one
 * search that is not cut goes there by its own way, so that it is always the same finding, with the
 * least number of kernel events.
 */
export class GraphUnits implements UnitSearch {
  readonly budget: number;
  readonly #scenario: Scenario;
  readonly #machine: MachineConfig;
  readonly #limits: PassLimits;
  #parts: GraphSearch | undefined;
  #whole: WholeUnits | undefined;

  constructor(scenario: Scenario, machine: MachineConfig, limits: PassLimits) {
    this.#scenario = scenario;
    this.#machine = machine;
    this.#limits = limits;
    this.budget = limits.executions;
  }

  plan(cutting: Cutting): readonly PlannedUnit[] {
    if (cutting === 'whole') return equalUnits(['everything'] satisfies GraphWork[]);
    return equalUnits(this.#search.plan(this.#limits, UNITS));
  }

  perform(
    work: unknown,
    before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome<GraphUnitValue> {
    const unit = work as GraphWork;
    const limits = this.#limits;
    if (unit === 'everything') {
      const { value } = this.#everything.perform(unit, before, onExecution);
      return { value: { whole: value }, ends: true };
    }
    const { end, executions, notes } = this.#search.run(unit, limits, LONG_EXECUTIONS, onExecution);
    if (end === 'all') return { value: { executions, notes }, cost: executions };
    if (end === 'failed') return { value: null, rest: equalUnits(['everything']) };
    return { value: null, rest: equalUnits(this.#search.plan(limits, SPLIT_UNITS, unit)) };
  }

  giveBack(): void {
    this.#parts?.giveBack();
    this.#parts = undefined;
    this.#whole?.giveBack();
  }

  merge(values: readonly unknown[]): PassResult {
    const all = (values as readonly GraphUnitValue[]).filter((value) => value !== null);
    const notes: GraphNotes[] = [];
    let executions = 0;
    for (const value of all) {
      if ('whole' in value) return this.#everything.merge([value.whole]);
      notes.push(value.notes);
      executions += value.executions;
    }
    // Parts may meet the same: only a search of everything knows what it comes to within its limit.
    if (executions <= this.budget) return mergeGraphs(notes, this.#limits.kernelEvents);
    return this.#everything.merge([this.#everything.perform('', [], () => undefined).value]);
  }

  get #search(): GraphSearch {
    return (this.#parts ??= new GraphSearch(this.#scenario, this.#machine));
  }

  get #everything(): WholeUnits {
    if (this.#whole !== undefined) return this.#whole;
    // Parts have failed: what they did is done again, on their machine.
    this.giveBack();
    const search = new ExhaustiveSearch(this.#scenario, this.#machine);
    return (this.#whole = new WholeUnits(search, this.#limits));
  }
}
