/**
 * Restartable sequences on the simulated machine: the kernel module and the user side.
 *
 * @packageDocumentation
 */
export { RSEQ_PROFILES, rseq } from './kernel/rseq-module.js';
export type { RseqOptions, RseqProfile } from './kernel/rseq-module.js';
export {
  RSEQ_CPU_ID_UNINITIALIZED,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  RseqCsOffset,
  RseqOffset,
} from './kernel/rseq-abi.js';
export { RuntimeError } from './runtime-error.js';
export type { RuntimeErrorCode } from './runtime-error.js';
export { RSEQ_OFFSET, rseqAreaOf } from './user/rseq-area.js';
export { MemoryPool } from './user/memory-pool/memory-pool.js';
export { MemoryPoolSet } from './user/memory-pool/memory-pool-set.js';
export { MEMORY_POOL_STRIDE, PoolGeometry } from './user/memory-pool/pool-geometry.js';
export type { MemoryPoolOptions } from './user/memory-pool/pool-geometry.js';
export { describePoolFinding } from './user/memory-pool/pool-finding.js';
export type { PoolFinding } from './user/memory-pool/pool-finding.js';
export type {
  PoolMapping,
  PoolMemory,
  PoolShadow,
  RangeInitializer,
} from './user/memory-pool/pool-memory.js';
export { clearRseqCs, prepareUnload, prepareUnloadOf } from './user/prepare-unload.js';
export type { UnloadedRange } from './user/prepare-unload.js';
