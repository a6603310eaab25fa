import type { FieldValue } from '../fields/field-value.js';
import { plainValue } from './track-builder.js';

/**
 * A replacer for `JSON.stringify` of what an event had recorded: enumerations become their labels, integers
 * that JSON does not have, and numbers that are none, text.
 */
export function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return plainValue(value as FieldValue) ?? value;
}
