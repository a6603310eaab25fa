import { PerCpuError } from './per-cpu-error.js';

const MAX_CAPACITY = 1000;

/** Returns a capacity that can be. @throws PerCpuError `ERR_CAPACITY` for another one */
export function checkCapacity(capacity: number): number {
  if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY))
    throw new PerCpuError(
      'ERR_CAPACITY',
      `expected a capacity of 1 to ${MAX_CAPACITY} items, got ${String(capacity)}`,
    );
  return capacity;
}
