import type { EnumerationType } from './field-type.js';

/** Values whose labels are remembered; more are looked up again each time. */
const MOST_REMEMBERED = 1024;

/** Makes a function that finds the labels that a value falls under, in the order of the mappings. */
export function labelFinder(type: EnumerationType): (value: number | bigint) => readonly string[] {
  const remembered = new Map<number | bigint, readonly string[]>();
  return (value) => {
    const known = remembered.get(value);
    if (known !== undefined) return known;
    const wide = BigInt(value);
    const labels = type.mappings
      .filter(({ low, high }) => low <= wide && wide <= high)
      .map(({ label }) => label);
    if (remembered.size < MOST_REMEMBERED) remembered.set(value, labels);
    return labels;
  };
}
