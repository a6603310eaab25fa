import type { StartingPoint } from './starting-point.js';

/** A part, and which share of the unit that left it over it is expected to be. */
export interface PartShare {
  readonly start: StartingPoint;
  readonly share: number;
}

/**
 * Shares of the parts that are left at the points of a path, last point first: at every point each of
 * the events that were or will be explored there has the same.
 *
 * @param inherited - events that were asleep at the first point before anything was explored there
 * @source Knuth, "Estimating the Efficiency of Backtrack Programs", Mathematics of Computation 29, 1975
 */
export function sharesOf(
  points: readonly StartingPoint[],
  partsAt: readonly (readonly StartingPoint[])[],
  inherited: number,
): PartShare[] {
  const found: PartShare[][] = [];
  let share = 1;
  let before = new Set(points.at(-1)!.asleep.slice(0, inherited));
  for (let at = points.length - 1; at >= 0; at--) {
    const parts = partsAt[at]!;
    const { asleep } = points[at]!;
    // What slept before came here asleep; what did not was explored at this point.
    const explored = asleep.filter((record) => !before.has(record)).length;
    share /= Math.max(1, explored + parts.length);
    found.push(parts.map((start) => ({ start, share })));
    before = new Set(asleep);
  }
  return found.reverse().flat();
}
