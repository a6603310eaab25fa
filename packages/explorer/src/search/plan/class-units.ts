import { ExplorerError } from '../../explorer-error.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import type { SearchUnit } from '../stateless/search-unit.js';
import type { StatelessSearch } from '../stateless/stateless-search.js';
import { mergeUnits } from '../stateless/unit-result.js';
import type { PlannedPart, UnitResult } from '../stateless/unit-result.js';
import { equalUnits } from './search-plan.js';
import type { PlannedUnit, UnitOutcome } from './search-plan.js';
import { NOTHING } from './nothing.js';
import type { Cutting, UnitSearch } from './unit-search.js';

/** Units that the search with one bound on kernel events is cut into, at least, if it can be. */
const UNITS = 64;

/** Executions after which the rest of a unit is left to others. */
const LONG_EXECUTIONS = 10_000;

/** A part of the search with a bound, or the planning of the next bound, which waits for them. */
type ClassWork = { readonly unit: SearchUnit } | { readonly next: number };

/** What a part came to; planning comes to nothing. */
type ClassValue = { readonly bound: number | null; readonly result: UnitResult } | null;

/** A search by classes: with no kernel events, with one, with two, ..., each bound in parts. */
export class ClassUnits implements UnitSearch {
  readonly budget: number;
  readonly #search: StatelessSearch;
  readonly #limits: PassLimits;

  constructor(search: StatelessSearch, limits: PassLimits) {
    this.#search = search;
    this.#limits = limits;
    this.budget = limits.executions;
  }

  plan(cutting: Cutting): readonly PlannedUnit[] {
    return cutting === 'ahead' ? this.#planAhead() : this.#planOf(0);
  }

  perform(
    work: unknown,
    before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome<ClassValue> {
    const asked = work as ClassWork;
    if ('next' in asked) {
      const isDone = asked.next > this.#limits.kernelEvents || this.merge(before).end !== 'bounded';
      return { value: null, ...(!isDone && { rest: this.#planOf(asked.next) }) };
    }
    const { unit } = asked;
    const { rest, ...result } = this.#search.runUnit(
      unit,
      this.#limits,
      onExecution,
      LONG_EXECUTIONS,
    );
    const ends = result.end === 'finding' || result.end === 'gave-up';
    return {
      value: { bound: unit.kernelEvents, result },
      cost: result.executions,
      ...(ends && { ends }),
      ...(rest && { rest: rest.map(leftOver) }),
    };
  }

  giveBack(): void {
    this.#search.giveBack();
  }

  merge(values: readonly unknown[]): PassResult {
    const parts = (values as readonly ClassValue[]).filter((value) => value !== null);
    let merged: PassResult = NOTHING;
    let executions = 0;
    for (const bound of new Set(parts.map((part) => part.bound))) {
      const results = parts.filter((part) => part.bound === bound).map(({ result }) => result);
      const { redundant: _redundant, ...counted } = mergeUnits(results);
      executions += counted.executions;
      merged = { ...counted, executions };
      if (merged.end !== 'bounded') break;
    }
    const isOver = executions > this.budget && merged.end !== 'finding';
    return isOver ? { ...merged, end: 'gave-up' } : merged;
  }

  /** The parts for every bound; of those that turn out to be too many the merge takes no notice. */
  #planAhead(): readonly PlannedUnit[] {
    const { kernelEvents } = this.#limits;
    const most = this.#search.mayInject ? kernelEvents : 0;
    if (most === Infinity)
      throw new ExplorerError(
        'ERR_OPTION',
        'expected a bound on kernelEvents for a plan that is made ahead, got none',
      );
    const works: ClassWork[] = [];
    for (let bound = 0; bound <= most; bound++)
      for (const unit of this.#search.plan({ ...this.#limits, kernelEvents: bound }, UNITS))
        works.push({ unit });
    return equalUnits(works);
  }

  /** The parts of the search with a bound, then what plans the next bound when they are done. */
  #planOf(bound: number): readonly PlannedUnit[] {
    const units = this.#search.plan({ ...this.#limits, kernelEvents: bound }, UNITS);
    // What comes behind weighs as much as all of this, and so on.
    const weight = 0.5 / units.length;
    return [
      ...units.map((unit) => ({ work: { unit }, weight })),
      { work: { next: bound + 1 }, weight: 0.5, waits: true },
    ];
  }
}

function leftOver({ unit, share }: PlannedPart): PlannedUnit {
  return { work: { unit } satisfies ClassWork, weight: share };
}
