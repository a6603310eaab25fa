/**
 * Per-CPU data structures on restartable sequences.
 *
 * @packageDocumentation
 */
export { PerCpuCounter } from './per-cpu-counter.js';
export type { CounterMethod } from './per-cpu-counter.js';
export { COUNTER_STRIDE_BYTES, CounterLayout } from './counter-layout.js';
export { PerCpuSpinLock, LOCK_PLAN } from './per-cpu-spin-lock.js';
export { PerCpuList } from './per-cpu-list.js';
export type { ListPlans } from './per-cpu-list.js';
export { NEXT_OFFSET, POP_ALL_PLAN, POP_PLAN, PUSH_PLAN } from './list-plans.js';
export { PerCpuBuffer } from './per-cpu-buffer.js';
export { PerCpuCopyBuffer } from './per-cpu-copy-buffer.js';
export type { CopyBufferSize } from './per-cpu-copy-buffer.js';
export { copyPlans, pointerPlans } from './buffer-plans.js';
export type { BufferPlans } from './buffer-plans.js';
export { NOTHING, PlanRegister } from './operation-plan.js';
export type { OperationPlan, PlannedAttempt } from './operation-plan.js';
export { PerCpuOperation } from './per-cpu-operation.js';
export { PerCpuBlocks } from './per-cpu-blocks.js';
export type { PerCpuOptions } from './per-cpu-options.js';
export { PerCpuError } from './per-cpu-error.js';
export type { PerCpuErrorCode } from './per-cpu-error.js';
