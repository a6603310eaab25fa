import type { FieldValue } from './field-value.js';

/** A whole number of any size; of an enumeration its value; undefined of anything else. */
export function wideOf(value: FieldValue | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === 'object' && 'labels' in value)
    return wideOf((value as { value: number | bigint }).value);
  return undefined;
}
