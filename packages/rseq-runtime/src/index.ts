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
export { cpuOpv } from './kernel/cpu-opv/cpu-opv-module.js';
export {
  CPU_OP_BYTES,
  CPU_OP_DATA_LEN_MAX,
  CPU_OP_VEC_DATA_LEN_MAX,
  CPU_OP_VEC_LEN_MAX,
  CpuOpCode,
  CpuOpOffset,
} from './kernel/cpu-opv/cpu-op-abi.js';
export type { CpuNumberSource } from './kernel/cpu-number-source.js';
export { GETCPU_CACHE_ALIGN, GetcpuCacheCommand } from './kernel/getcpu-cache/getcpu-cache-abi.js';
export { getcpuCache } from './kernel/getcpu-cache/getcpu-cache-module.js';
export type { GetcpuCacheModule } from './kernel/getcpu-cache/getcpu-cache-module.js';
export { LabSyscallNumber } from './kernel/lab-syscall-number.js';
export { CpuOpVector } from './user/cpu-op-vector.js';
export type { CpuOp, CpuOperand, CpuOpLiteral } from './user/cpu-op-vector.js';
export { getGetcpuCache, setGetcpuCache } from './user/getcpu-cache.js';
export { placeCpuOpVector, runCpuOpVector, sysCpuOpv } from './user/cpu-opv.js';
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
export { deriveFallback } from './user/fallback/derive-fallback.js';
export type { Derivation, Fallback, SectionCall } from './user/fallback/derive-fallback.js';
export type { NoFallback, NoFallbackRule } from './user/fallback/no-fallback.js';
export { FALLBACK_SCRATCH_BYTES, runWithFallback } from './user/fallback/run-with-fallback.js';
export type { FallbackRoutine } from './user/fallback/run-with-fallback.js';
