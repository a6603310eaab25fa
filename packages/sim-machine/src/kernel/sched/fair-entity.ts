/**
 * What the fair class keeps a thread: {@link FAIR_ENTITY_STRIDE} doubles, one cache line.
 *
 * | index | field | unit |
 * |-------|-------|------|
 * | 0 | `Vruntime`: virtual time received | virtual ns |
 * | 1 | `Deadline`: virtual deadline of the current request | virtual ns |
 * | 2 | `Least`: least vruntime in the subtree below the thread | virtual ns |
 * | 3 | `Lag`: average minus own vruntime when last dequeued | virtual ns |
 * | 4 | `Remainder`: charged time not yet worth one virtual ns | ns * 1024 |
 * | 5 | `Protected`: the deadline it had when it began to run | virtual ns |
 * | 6 | `Weight` | 3 to 88761 |
 * | 7 | `Relative`: 1 while `Deadline` counts from vruntime | 0 or 1 |
 *
 * All are integers below 2^53, so the arithmetic on them is exact.
 */
export const FairField = {
  Vruntime: 0,
  Deadline: 1,
  Least: 2,
  Lag: 3,
  Remainder: 4,
  Protected: 5,
  Weight: 6,
  Relative: 7,
} as const;

/** Doubles a thread in the entity array. */
export const FAIR_ENTITY_STRIDE = 8;
