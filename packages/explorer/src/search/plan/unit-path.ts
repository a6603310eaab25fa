/**
 * Where a unit stands in a plan: `3` is the fourth of the plan, `3.0` the first of those that the
 * fourth left over, `3.0.1` the second that this one left over.
 */
export type UnitPath = string;

/** Path of a unit that another left over. */
export function pathBelow(parent: UnitPath, index: number): UnitPath {
  return `${parent}.${index}`;
}

/** Order of a plan: a unit, then all that it left over, then the next; negative if `a` comes first. */
export function comparePaths(a: UnitPath, b: UnitPath): number {
  const left = a.split('.');
  const right = b.split('.');
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = Number(left[i]) - Number(right[i]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
