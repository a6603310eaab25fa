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
export { initializeAreas } from './user/thread-area.js';
export { INDEX_OFFSET } from './user/index-kind.js';
export type { IndexKind } from './user/index-kind.js';
export { currentCpu } from './user/current-cpu.js';
export {
  RSEQ_CPU_ID_REGISTRATION_FAILED,
  RSEQ_REFERENCES_OFFSET,
  SharedRegistration,
} from './user/shared-registration.js';
export { currentIndex, expectIndex } from './user/current-index.js';

// Writing sections
export { emitSection } from './user/section-frame.js';
export type { SectionFrame } from './user/section-frame.js';
export { installSections } from './user/install-sections.js';

// The per-CPU primitives
export { PerCpuPrimitives } from './user/primitives/per-cpu-primitives.js';
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
