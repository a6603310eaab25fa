import { ExplorerError } from '../../explorer-error.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import type { SearchUnit } from '../stateless/search-unit.js';
import type { StatelessSearch } from '../stateless/stateless-search.js';
import { isSame, union } from '../spin/held-values.js';
import type { HeldValues } from '../spin/word-values.js';
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

/** How often a bound was begun, with what words were known to hold on which threads spin. */
interface Attempt {
  readonly number: number;
  readonly held: HeldValues;
}

/** A part of the search with a bound, or what is planned when all of these are done. */
type ClassWork =
  | { readonly unit: SearchUnit; readonly attempt: Attempt }
  | { readonly behind: number; readonly attempt: Attempt };

/** What a part came to; planning comes to nothing. */
type ClassValue = {
  readonly bound: number | null;
  readonly attempt: number;
  readonly result: UnitResult;
} | null;

const FIRST: Attempt = { number: 0, held: [] };

/**
 * A search by classes: with no kernel events, with one, with two, ..., each bound in parts.
 *
 * In how many reads threads go round is tried with what words may hold. Where a part saw more than another, all parts of
 * the bound are done again with what all saw: then each comes to what it would within a search that is not cut.
 */
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
    return cutting === 'ahead' ? this.#planAhead() : this.#planOf(0, FIRST);
  }

  perform(
    work: unknown,
    before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome<ClassValue> {
    const asked = work as ClassWork;
    const { attempt } = asked;
    if ('behind' in asked)
      return { value: null, rest: this.#planBehind(asked.behind, attempt, before) };
    const { unit } = asked;
    const { rest, ...result } = this.#search.runUnit(
      unit,
      this.#limits,
      onExecution,
      LONG_EXECUTIONS,
      attempt.held,
    );
    const ends = result.end === 'finding' || result.end === 'gave-up';
    return {
      value: { bound: unit.kernelEvents, attempt: attempt.number, result },
      cost: result.executions,
      ...(ends && { ends }),
      ...(rest && { rest: rest.map((part) => leftOver(part, attempt)) }),
    };
  }

  giveBack(): void {
    this.#search.giveBack();
  }

  merge(values: readonly unknown[]): PassResult {
    const parts = partsAmong(values);
    let merged: PassResult = NOTHING;
    let executions = 0;
    for (const bound of new Set(parts.map((part) => part.bound))) {
      const last = lastAttempt(parts, bound);
      const { redundant: _redundant, ...counted } = mergeUnits(last.map(({ result }) => result));
      executions += counted.executions;
      merged = { ...counted, executions };
      const isWhole = merged.end === 'all' || merged.end === 'bounded';
      if (isWhole && areApart(last)) throw apart();
      if (merged.end !== 'bounded') break;
    }
    const spent = parts.reduce((sum, { result }) => sum + result.executions, 0);
    const isOver = spent > this.budget && merged.end !== 'finding';
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
    for (let bound = 0; bound <= most; bound++) works.push(...this.#worksOf(bound, FIRST).works);
    return equalUnits(works);
  }

  /** Behind the parts of a bound: they again, where some saw what others did not, or the next bound, or nothing. */
  #planBehind(
    bound: number,
    { number, held }: Attempt,
    before: readonly unknown[],
  ): readonly PlannedUnit[] {
    const parts = partsAmong(before).filter((part) => (part.bound ?? Infinity) === bound);
    const seen = union(
      lastAttempt(parts, parts[0]?.bound ?? null).map(({ result }) => result.held),
    );
    if (!isSame(seen, held)) return this.#planOf(bound, { number: number + 1, held: seen });
    const isDone = bound + 1 > this.#limits.kernelEvents || this.merge(before).end !== 'bounded';
    return isDone ? [] : this.#planOf(bound + 1, { number: 0, held });
  }

  /** The parts of the search with a bound, then what is planned behind them. */
  #planOf(bound: number, begun: Attempt): readonly PlannedUnit[] {
    const { works, attempt } = this.#worksOf(bound, begun);
    // What comes behind weighs as much as all of this, and so on.
    const weight = 0.5 / works.length;
    const behind: ClassWork = { behind: bound, attempt };
    return [...works.map((work) => ({ work, weight })), { work: behind, weight: 0.5, waits: true }];
  }

  #worksOf(
    bound: number,
    { number, held }: Attempt,
  ): { readonly works: readonly ClassWork[]; readonly attempt: Attempt } {
    const search = this.#search;
    const units = search.plan({ ...this.#limits, kernelEvents: bound }, UNITS, held);
    const attempt = { number, held: search.heldOf(held) };
    return { works: units.map((unit) => ({ unit, attempt })), attempt };
  }
}

function partsAmong(values: readonly unknown[]): readonly NonNullable<ClassValue>[] {
  return (values as readonly ClassValue[]).filter((value) => value !== null);
}

/** The parts of the last attempt at a bound. */
function lastAttempt(
  parts: readonly NonNullable<ClassValue>[],
  bound: number | null,
): readonly NonNullable<ClassValue>[] {
  const ofBound = parts.filter((part) => part.bound === bound);
  const last = ofBound.reduce((most, { attempt }) => Math.max(most, attempt), 0);
  return ofBound.filter(({ attempt }) => attempt === last);
}

/** Whether parts cannot be trusted that nobody does again: what one saw, another did not see, and it makes a difference. */
function areApart(parts: readonly NonNullable<ClassValue>[]): boolean {
  if (!parts.some(({ result }) => result.isByValues)) return false;
  const seen = parts.map(({ result }) => result.held);
  const all = union(seen);
  return seen.some((held) => !isSame(held, all));
}

function apart(): ExplorerError {
  return new ExplorerError(
    'ERR_PLAN',
    'expected the parts of a search to see the same values of words on which threads spin, got others in some: check it without a plan',
  );
}

function leftOver({ unit, share }: PlannedPart, attempt: Attempt): PlannedUnit {
  return { work: { unit, attempt } satisfies ClassWork, weight: share };
}
