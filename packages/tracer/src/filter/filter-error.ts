import { TracerError } from '../tracer-error.js';

/** What is wrong with a filter, on one line with the column. @param column from 1 */
export function filterError(column: number, expected: string, got: string): TracerError {
  return new TracerError(
    'ERR_FILTER',
    `filter, column ${column}: expected ${expected}, got ${got}`,
  );
}
