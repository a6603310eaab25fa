import type { MachineConfig } from '@rseqlab/sim-machine';
import { ExplorerError } from '../../explorer-error.js';
import type { Scenario } from '../../scenario.js';
import type { ClaimTable } from '../claims.js';
import { ExhaustiveSearch } from '../exhaustive-pass.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import { FingerprintSet } from '../fingerprint-set.js';
import type { GraphNotes } from '../graphs/graph-unit.js';
import { LayerSearch } from '../graphs/layer-search.js';
import { mergeGraphs } from '../graphs/merge-graphs.js';
import { joinedPaths, packedPath } from '../packed-paths.js';
import type { PackedPaths } from '../packed-paths.js';
import type { Cutting, UnitSearch } from './unit-search.js';
import { equalUnits } from './search-plan.js';
import type { PlannedUnit, UnitOutcome } from './search-plan.js';
import { WholeUnits } from './whole-units.js';
import type { WholeValue } from './whole-units.js';

/** Executions after which the rest of a unit is left to so many others; of the first unit, and of all others. */
const FIRST_UNIT = { most: 100, trees: 16 } as const;
const ANY_UNIT = { most: 4000, trees: 4 } as const;

/** Paths with which a unit of the next layer begins, at least, and units that there are of it, at most. */
const UNIT_PATHS = 32;
const LAYER_UNITS = 128;

/** Some paths, the planning of a layer that waits for the one before it, or a search of everything. */
type LayerWork =
  | { readonly paths: PackedPaths; readonly isFirst?: true }
  | { readonly layer: number }
  | 'everything';

/** What paths met and where they lead, what everything came to, or nothing of planning and what failed. */
type LayerValue =
  | {
      readonly executions: number;
      readonly notes: GraphNotes;
      readonly next: readonly PackedPaths[];
    }
  | { readonly whole: WholeValue }
  | null;

/**
 * A search for graphs in units that leave states to each other, where it is not known what conflicts or
 * kernel events come in; comes to exactly what one comes to that is not cut.
 *
 * A unit is some paths, and claims every state that it comes to; where a state is claimed, its path
 * ends. All paths with one number of kernel events are taken before those with one more. So each state
 * is met by one unit, with the fewest kernel events that lead to it, whoever is faster. Where a unit
 * finds something or reaches a limit, one search that is not cut goes there by its own way.
 *
 * Invariant: where a state is claimed by a unit that is done, everything that follows from it is claimed,
 * or waits in a unit of the plan. A unit that is begun again must find free what it had claimed.
 */
export class LayerUnits implements UnitSearch {
  readonly budget: number;
  readonly #scenario: Scenario;
  readonly #machine: MachineConfig;
  readonly #limits: PassLimits;
  readonly #claims: ClaimTable;
  #search: LayerSearch | undefined;
  #whole: WholeUnits | undefined;

  /** @param claims where states are claimed; default in memory of its own */
  constructor(
    scenario: Scenario,
    machine: MachineConfig,
    limits: PassLimits,
    claims: ClaimTable = new FingerprintSet(),
  ) {
    this.#scenario = scenario;
    this.#machine = machine;
    this.#limits = limits;
    this.#claims = claims;
    this.budget = limits.executions;
  }

  plan(cutting: Cutting): readonly PlannedUnit[] {
    if (cutting === 'whole') return equalUnits(['everything'] satisfies LayerWork[]);
    if (cutting === 'ahead')
      throw new ExplorerError(
        'ERR_OPTION',
        'expected a search whose units need nothing of each other for a plan that is made ahead ' +
          '(classes; graphs without kernel events, under sc or tso), got graphs with kernel events or under weak',
      );
    return layerPlan([{ paths: packedPath([], 0), isFirst: true }], 0);
  }

  perform(
    work: unknown,
    before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome<LayerValue> {
    const asked = work as LayerWork;
    if (asked === 'everything') {
      const { value } = this.#everything.perform(asked, before, onExecution);
      return { value: { whole: value }, ends: true };
    }
    if ('layer' in asked) return { value: null, rest: this.#planLayer(asked.layer, before) };
    const how = asked.isFirst === true ? FIRST_UNIT : ANY_UNIT;
    this.#search ??= new LayerSearch(this.#scenario, this.#machine, this.#claims);
    const { end, executions, notes, rest, next } = this.#search.run(
      asked.paths,
      this.#limits,
      how,
      onExecution,
    );
    if (end === 'failed') return { value: null, rest: equalUnits(['everything']) };
    const left = rest.map((paths): LayerWork => ({ paths }));
    const value = { executions, notes, next };
    return { value, cost: executions, ...(left.length > 0 && { rest: equalUnits(left) }) };
  }

  recall(values: readonly unknown[]): void {
    for (const value of values as readonly LayerValue[])
      if (value !== null && 'notes' in value)
        for (const words of value.notes.states)
          for (let at = 0; at < words.length; at += 3) this.#claims.add(words[at]!, words[at + 1]!);
  }

  giveBack(): void {
    this.#search?.giveBack();
    this.#search = undefined;
    this.#whole?.giveBack();
  }

  merge(values: readonly unknown[]): PassResult {
    const notes: GraphNotes[] = [];
    let executions = 0;
    for (const value of values as readonly LayerValue[]) {
      if (value === null) continue;
      if ('whole' in value) return this.#everything.merge([value.whole]);
      notes.push(value.notes);
      executions += value.executions;
    }
    // No two units met the same state, so none took a path that a search of everything does not take.
    if (executions <= this.budget)
      return { ...mergeGraphs(notes, this.#limits.kernelEvents), executions };
    return this.#everything.merge([this.#everything.perform('', [], () => undefined).value]);
  }

  /** Units for the paths with so many kernel events that all units before left. */
  #planLayer(layer: number, before: readonly unknown[]): readonly PlannedUnit[] {
    const next = (before as readonly LayerValue[]).flatMap((value) =>
      value !== null && 'next' in value ? value.next.filter(({ events }) => events === layer) : [],
    );
    if (next.length === 0) return [];
    const paths = next.reduce((sum, { ends }) => sum + ends.length, 0);
    const each = Math.max(UNIT_PATHS, Math.ceil(paths / LAYER_UNITS));
    const units = joinedPaths(next, each).map((joined): LayerWork => ({ paths: joined }));
    return layerPlan(units, layer);
  }

  get #everything(): WholeUnits {
    if (this.#whole !== undefined) return this.#whole;
    // Units have failed: what they did is done again, on their machine.
    this.giveBack();
    const search = new ExhaustiveSearch(this.#scenario, this.#machine);
    return (this.#whole = new WholeUnits(search, this.#limits));
  }
}

/** The units of a layer, and what plans the next one when they are done. */
function layerPlan(works: readonly LayerWork[], layer: number): readonly PlannedUnit[] {
  // What comes behind weighs as much as all of this, and so on.
  const weight = 0.5 / works.length;
  return [
    ...works.map((work) => ({ work, weight })),
    { work: { layer: layer + 1 } satisfies LayerWork, weight: 0.5, waits: true },
  ];
}
