import type { PlannedUnit, UnitOutcome } from '../../../src/search/plan/search-plan.js';

/** A tree of numbers: what the fake strategy adds up. */
export interface Tree {
  readonly number: number;
  readonly below?: readonly Tree[];
}

/** A unit adds the number at the top of a tree, leaves what is below, and ends at a negative one. */
export function addUp(tree: Tree): UnitOutcome<number> {
  const below = tree.below ?? [];
  return {
    value: tree.number,
    rest: below.map((work) => ({ work, weight: 0.01 })),
    ...(tree.number < 0 && { ends: true }),
  };
}

/** A plan's units over some trees. */
export function treeUnits(trees: readonly Tree[]): readonly PlannedUnit[] {
  return trees.map((work) => ({ work, weight: 1 / trees.length }));
}
