/**
 * Per-CPU data structures on restartable sequences.
 *
 * @packageDocumentation
 */
export { PerCpuCounter } from './per-cpu-counter.js';
export type { CounterMethod } from './per-cpu-counter.js';
export { COUNTER_STRIDE_BYTES, CounterLayout } from './counter-layout.js';
