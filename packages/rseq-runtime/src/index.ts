/**
 * Restartable sequences on the simulated machine: the kernel module and the user side.
 *
 * @packageDocumentation
 */
export { rseq } from './kernel/rseq-module.js';
export type { RseqOptions } from './kernel/rseq-options.js';
export type { CpuNumberReader, CpuNumberSource } from './kernel/cpu-number-source.js';
export { RseqStats } from './kernel/rseq-stats.js';
export { RSEQ_PROFILES } from './kernel/profiles/rseq-profiles.js';
export type { RseqProfile } from './kernel/profiles/rseq-profiles.js';
export { RseqAuxiliary, rseqAuxiliaryValue } from './kernel/auxiliary-vector.js';
export {
  RSEQ_CPU_ID_REGISTRATION_FAILED,
  RSEQ_CPU_ID_UNINITIALIZED,
  RSEQ_FLAG_SLICE_EXT_DEFAULT_ON,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  RseqCsFlag,
  RseqCsOffset,
  RseqOffset,
} from './kernel/rseq-abi.js';
export {
  PTRACE_GET_RSEQ_CONFIGURATION,
  PTRACE_RSEQ_CONFIGURATION_BYTES,
} from './kernel/ptrace-configuration.js';
export {
  PR_RSEQ_SLICE_EXTENSION,
  PR_RSEQ_SLICE_EXTENSION_GET,
  PR_RSEQ_SLICE_EXTENSION_SET,
  PR_RSEQ_SLICE_EXT_ENABLE,
  SLICE_EXTENSION_MAX_NS,
  SLICE_EXTENSION_MIN_NS,
} from './kernel/slice/slice-abi.js';
export { BPF_MEMWORDS, BpfCode } from './kernel/bpf/bpf-abi.js';
export { bpfOnCpu } from './kernel/bpf/bpf-module.js';
export { verifyBpf } from './kernel/bpf/bpf-verifier.js';
export type { BpfRule, ProgramViolation } from './kernel/bpf/bpf-verifier.js';
export { BPF_INSN_BYTES, BPF_MAXINSNS } from './kernel/bpf/program-copy.js';
export { EBPF_STACK_BYTES, EbpfCode, EbpfHelper } from './kernel/ebpf/ebpf-abi.js';
export { ebpfOnCpu } from './kernel/ebpf/ebpf-module.js';
export type { EbpfRule } from './kernel/ebpf/ebpf-rule.js';
export { verifyEbpf } from './kernel/ebpf/ebpf-verifier.js';
export { cpuOpv } from './kernel/cpu-opv/cpu-opv-module.js';
export {
  CPU_OP_BYTES,
  CPU_OP_DATA_LEN_MAX,
  CPU_OP_VEC_DATA_LEN_MAX,
  CPU_OP_VEC_LEN_MAX,
  CpuOpCode,
  CpuOpOffset,
} from './kernel/cpu-opv/cpu-op-abi.js';
export { GETCPU_CACHE_ALIGN, GetcpuCacheCommand } from './kernel/getcpu-cache/getcpu-cache-abi.js';
export { getcpuCache } from './kernel/getcpu-cache/getcpu-cache-module.js';
export type { GetcpuCacheModule } from './kernel/getcpu-cache/getcpu-cache-module.js';
export { LabSyscallNumber } from './kernel/lab-syscall-number.js';
export { Bpf, encodeBpf } from './user/bpf-program.js';
export type { BpfInstruction } from './user/bpf-program.js';
export { EbpfBuilder } from './user/ebpf-program.js';
export type { EbpfAddress } from './user/ebpf-program.js';
export { compareFallbacks } from './user/fallback-comparison.js';
export type { EncodingCost, FallbackRow } from './user/fallback-comparison.js';
export {
  encodeAdd,
  encodeAdd64,
  encodeCompareAndStore,
  encodeCopyThenStore,
  encodePop,
  encodePush,
} from './user/fallback-encodings.js';
export type { FallbackEncodings, NotExpressible } from './user/fallback-encodings.js';
export { bpfOn, ebpfOn, placeProgram } from './user/program-call.js';
export { CpuOpVector } from './user/cpu-op-vector.js';
export type { CpuOp, CpuOperand, CpuOpLiteral } from './user/cpu-op-vector.js';
export { getGetcpuCache, setGetcpuCache } from './user/getcpu-cache.js';
export { placeCpuOpVector, runCpuOpVector, sysCpuOpv } from './user/cpu-opv.js';
export { RuntimeError } from './runtime-error.js';
export type { RuntimeErrorCode } from './runtime-error.js';
export { RSEQ_OFFSET, rseqAreaOf } from './user/rseq-area.js';
export { initializeAreas } from './user/thread-area.js';
export { INDEX_OFFSET } from './user/index-kind.js';
export type { IndexKind } from './user/index-kind.js';
export { currentCpu } from './user/current-cpu.js';
export { RSEQ_REFERENCES_OFFSET, SharedRegistration } from './user/shared-registration.js';
export { currentIndex, expectIndex } from './user/current-index.js';

// Writing sections
export { emitSection } from './user/section-frame.js';
export type { SectionFrame } from './user/section-frame.js';
export { installSections } from './user/install-sections.js';

// The per-CPU primitives
export { PerCpuPrimitives } from './user/primitives/per-cpu-primitives.js';
export { cpuOpvFallback } from './user/primitives/cpu-opv-fallback.js';
export { SectionPrimitive } from './user/primitives/section-primitive.js';
export type {
  Primitive,
  PrimitiveArguments,
  PrimitiveAttempt,
  PrimitiveFallback,
  PrimitiveOptions,
} from './user/primitives/section-primitive.js';
export { PrimitiveOutcome } from './user/primitives/primitive-outcome.js';
export type { PrimitiveResult } from './user/primitives/primitive-outcome.js';
export type {
  CommitOrder,
  PrimitiveDefinition,
  ReferenceMemory,
  SectionEnd,
} from './user/primitives/primitive-definition.js';
export { PRIMITIVE_ENTRY, primitiveProgram } from './user/primitives/primitive-program.js';
export { addv } from './user/primitives/addv.js';
export { cmpeqvCmpeqvStorev } from './user/primitives/cmpeqv-cmpeqv-storev.js';
export { cmpeqvStorev } from './user/primitives/cmpeqv-storev.js';
export {
  MAX_COPY_BYTES,
  cmpeqvTrymemcpyStorev,
} from './user/primitives/cmpeqv-trymemcpy-storev.js';
export { cmpeqvTrystorevStorev } from './user/primitives/cmpeqv-trystorev-storev.js';
export { cmpnevStoreoffpLoad } from './user/primitives/cmpnev-storeoffp-load.js';
export { offsetDerefAddv } from './user/primitives/offset-deref-addv.js';

// Debugging
export { SectionTable } from './debug/section-table.js';
export type { ListedSection } from './debug/section-table.js';
export { rseqStateOf } from './debug/rseq-state.js';
export type { ArmedSection, RseqState } from './debug/rseq-state.js';
export { LivelockWatch } from './debug/livelock-watch.js';
export type { Livelock } from './debug/livelock-watch.js';
export { PtraceDebugger } from './debug/ptrace-debugger.js';
export type { DebugStop, PtraceDebuggerOptions, SteppingMode } from './debug/ptrace-debugger.js';
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
