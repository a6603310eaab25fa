import type { Quartiles } from '../measure/quartiles.js';

/** One line of a report. */
export interface Row {
  readonly label: string;
  /** What was measured, in the report's unit. */
  readonly value: Quartiles;
  /** The same as a multiple of what the report compares with. */
  readonly relative?: Quartiles;
  /** The least `relative` (or, where there is none, `value`) that is wanted. */
  readonly required?: number;
  /** Whether the median is no less than required; absent where nothing is. */
  readonly passed?: boolean;
}

/** What a benchmark found out. */
export interface Report {
  readonly benchmark: string;
  readonly title: string;
  /** Of the rows' values. */
  readonly unit: string;
  /** What `relative` is a multiple of. */
  readonly relativeTo?: string;
  readonly rows: readonly Row[];
}

/** A row with a verdict. */
export function judged(
  label: string,
  value: Quartiles,
  relative: Quartiles | undefined,
  required: number,
): Row {
  const passed = (relative ?? value).median >= required;
  return { label, value, ...(relative && { relative }), required, passed };
}
