/**
 * What a register or a location can hold: a 32-bit signed integer, or the address of a location,
 * which is written as the location's name.
 */
export type LitmusValue = number | string;

/**
 * Orders values as final states are sorted: integers by size, then addresses by name.
 *
 * @returns negative, zero or positive, as a comparison function does
 */
export function compareValues(left: LitmusValue, right: LitmusValue): number {
  if (typeof left === 'number') return typeof right === 'number' ? left - right : -1;
  if (typeof right === 'number') return 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
