/** The middle of a sample, and what a quarter of it is below and above of. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Quartiles, interpolated; of at least one value. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((left, right) => left - right);
  return { low: at(sorted, 0.25), median: at(sorted, 0.5), high: at(sorted, 0.75) };
}

function at(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined)
    throw new RangeError('expected at least one value, got none');
  return below + (above - below) * (position - Math.floor(position));
}
