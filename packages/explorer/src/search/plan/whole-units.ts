import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import type { Search } from '../search-strategy.js';
import type { PlannedUnit, UnitOutcome } from './search-plan.js';
import { NOTHING } from './nothing.js';
import type { UnitSearch } from './unit-search.js';

/** A result as plain data. */
export type WholeValue = Omit<PassResult, 'decisions'> & { readonly decisions?: readonly number[] };

/** A search that is not cut: one unit. */
export class WholeUnits implements UnitSearch {
  readonly budget: number = Infinity;
  readonly #search: Search;
  readonly #limits: PassLimits;

  constructor(search: Search, limits: PassLimits) {
    this.#search = search;
    this.#limits = limits;
  }

  plan(): readonly PlannedUnit[] {
    return [{ work: 'everything', weight: 1 }];
  }

  perform(
    _work: unknown,
    _before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome<WholeValue> {
    const { decisions, ...pass } = this.#search.run(this.#limits, onExecution);
    return { value: { ...pass, ...(decisions && { decisions: [...decisions] }) } };
  }

  giveBack(): void {
    this.#search.giveBack();
  }

  merge([value]: readonly unknown[]): PassResult {
    if (value === undefined) return NOTHING;
    const { decisions, ...pass } = value as WholeValue;
    return { ...pass, ...(decisions && { decisions: Uint32Array.from(decisions) }) };
  }
}
