/**
 * Finds threads each of which waits for the next, and the last one for the first.
 *
 * @param waits - whom each thread waits for
 * @returns the threads of a cycle, the first one again at the end; empty if there is none
 */
export function cycleOf(waits: ReadonlyMap<number, readonly number[]>): readonly number[] {
  for (const start of [...waits.keys()].sort((left, right) => left - right)) {
    const path = pathTo(start, start, waits, new Set());
    if (path !== undefined) return [start, ...path];
  }
  return [];
}

function pathTo(
  from: number,
  to: number,
  waits: ReadonlyMap<number, readonly number[]>,
  visited: Set<number>,
): readonly number[] | undefined {
  for (const next of waits.get(from) ?? []) {
    if (next === to) return [next];
    if (visited.has(next)) continue;
    visited.add(next);
    const path = pathTo(next, to, waits, visited);
    if (path !== undefined) return [next, ...path];
  }
  return undefined;
}
