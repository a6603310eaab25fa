import { ExplorerError } from './explorer-error.js';

/** Most ways to put interchangeable threads into each other's places: those of five. */
const MOST_PERMUTATIONS = 120;

/**
 * Makes sure that groups of interchangeable threads are groups.
 *
 * @param name of the scenario
 * @throws ExplorerError `ERR_SCENARIO` unless each is a list of two or more threads that are in no other, and there
 *   are at most 120 permutations of them
 */
export function checkInterchangeable(
  name: string,
  groups: readonly (readonly number[])[] = [],
): void {
  const threads = groups.flat();
  const areGroups =
    groups.every((group) => group.length > 1) &&
    threads.every((thread) => Number.isInteger(thread) && thread >= 0) &&
    new Set(threads).size === threads.length;
  const permutations = groups.reduce((product, group) => product * factorial(group.length), 1);
  if (areGroups && permutations <= MOST_PERMUTATIONS) return;
  throw new ExplorerError(
    'ERR_SCENARIO',
    `expected interchangeable threads of scenario "${name}" in disjoint groups of two or more with at most ` +
      `${MOST_PERMUTATIONS} permutations, got ${JSON.stringify(groups)}`,
  );
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
