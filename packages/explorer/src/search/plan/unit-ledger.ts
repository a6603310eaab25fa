import { ExplorerError } from '../../explorer-error.js';
import type { PlannedUnit, UnitOutcome } from './search-plan.js';
import { comparePaths, pathBelow } from './unit-path.js';
import type { UnitPath } from './unit-path.js';

/** A unit and where it stands in the plan. */
export interface PlacedUnit extends PlannedUnit {
  readonly path: UnitPath;
}

/** A result and the unit it is of. */
export interface PlacedResult<Value = unknown> extends UnitOutcome<Value> {
  readonly path: UnitPath;
}

/**
 * Which units of a plan are to be done, being done and done.
 *
 * Units come out in the order of the plan, so that one that does them one by one goes through the
 * search depth first. Once a unit ends the search, whatever comes behind it is not part of the
 * result any more, done or not: the result is the same however many did it at a time.
 */
export class UnitLedger<Value = unknown> {
  /** Not begun, last of the plan first. */
  readonly #waiting: PlacedUnit[] = [];
  readonly #begun = new Map<UnitPath, PlacedUnit>();
  readonly #done = new Map<UnitPath, PlacedResult<Value>>();
  /** The first unit that ends the search. */
  #end: UnitPath | undefined;
  #doneWeight = 0;
  readonly #budget: number;
  #costs = 0;

  /**
   * @param units - with the place of each in the whole plan, in order
   * @param budget - the first unit that brings the cost of all before it and its own above this
   *   ends the search
   */
  constructor(units: readonly PlacedUnit[], budget?: number) {
    this.#budget = budget ?? Infinity;
    for (let i = units.length - 1; i >= 0; i--) this.#waiting.push(units[i]!);
  }

  /** Units that are done. */
  get done(): number {
    return this.#done.size;
  }

  /** Units that are known, done or not; grows with what units leave over. */
  get known(): number {
    return this.#done.size + this.#begun.size + this.#waiting.length;
  }

  /** Share of the work that is done, by the weights of the units, between 0 and 1. */
  get share(): number {
    return this.#doneWeight;
  }

  /** Whether every unit that the result needs is done. */
  get isComplete(): boolean {
    const next = this.#waiting.at(-1);
    if (next !== undefined && !this.#isBehindEnd(next.path)) return false;
    for (const path of this.#begun.keys()) if (!this.#isBehindEnd(path)) return false;
    return true;
  }

  /** Units that are not done and that the result needs. */
  get missing(): number {
    let missing = 0;
    for (const { path } of this.#waiting) if (!this.#isBehindEnd(path)) missing += 1;
    for (const path of this.#begun.keys()) if (!this.#isBehindEnd(path)) missing += 1;
    return missing;
  }

  /** Hands out the next unit; undefined when none waits that the result needs. */
  take(): PlacedUnit | undefined {
    const unit = this.#waiting.at(-1);
    if (unit === undefined || this.#isBehindEnd(unit.path)) return undefined;
    if (unit.waits === true && this.#begun.size > 0) return undefined;
    this.#waiting.pop();
    this.#begun.set(unit.path, unit);
    return unit;
  }

  /** Takes a unit back that was handed out and not done. */
  putBack(path: UnitPath): void {
    const unit = this.#begun.get(path);
    if (unit === undefined) return;
    this.#begun.delete(path);
    this.#wait(unit);
  }

  /**
   * Notes what came of a unit, handed out or not.
   *
   * @throws ExplorerError `ERR_PLAN` when the unit is not of this plan, or was done before
   */
  add(result: PlacedResult<Value>): void {
    const { path, rest = [], ends, cost = 0 } = result;
    if (this.#done.has(path))
      throw new ExplorerError('ERR_PLAN', `expected one result of unit ${path}, got two`);
    const unit = this.#begun.get(path) ?? this.#withdraw(path);
    if (unit === undefined)
      throw new ExplorerError('ERR_PLAN', `expected units of the plan, got unit ${path}`);
    this.#begun.delete(path);
    this.#done.set(path, result);
    let left = unit.weight;
    for (const [index, below] of rest.entries()) {
      const weight = unit.weight * below.weight;
      left -= weight;
      this.#wait({ ...below, weight, path: pathBelow(path, index) });
    }
    this.#doneWeight = Math.min(1, this.#doneWeight + Math.max(0, left));
    if (ends === true && !this.#isBehindEnd(path)) this.#end = path;
    this.#costs += cost;
    if (this.#costs > this.#budget) this.#endWhereSpent();
  }

  /** Results that count, in the order of the plan. */
  results(): readonly PlacedResult<Value>[] {
    return [...this.#done.values()]
      .filter(({ path }) => !this.#isBehindEnd(path))
      .sort((a, b) => comparePaths(a.path, b.path));
  }

  /** Sets the end where the budget is exceeded for sure, whatever the units that are missing cost. */
  #endWhereSpent(): void {
    let spent = 0;
    for (const { path, cost = 0 } of this.results()) {
      if (this.#isMissingBefore(path)) return;
      spent += cost;
      if (spent > this.#budget) {
        this.#end = path;
        return;
      }
    }
  }

  #isMissingBefore(path: UnitPath): boolean {
    const next = this.#waiting.at(-1);
    if (next !== undefined && comparePaths(next.path, path) < 0) return true;
    for (const begun of this.#begun.keys()) if (comparePaths(begun, path) < 0) return true;
    return false;
  }

  #isBehindEnd(path: UnitPath): boolean {
    return this.#end !== undefined && comparePaths(path, this.#end) > 0;
  }

  #wait(unit: PlacedUnit): void {
    this.#waiting.splice(this.#positionOf(unit.path), 0, unit);
  }

  #withdraw(path: UnitPath): PlacedUnit | undefined {
    const at = this.#positionOf(path);
    return this.#waiting[at]?.path === path ? this.#waiting.splice(at, 1)[0] : undefined;
  }

  /** Where a path stands, or belongs, among those that wait. */
  #positionOf(path: UnitPath): number {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePaths(this.#waiting[middle]!.path, path) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
