/**
 * Restartable sequences on the simulated machine: the kernel module and the user side.
 *
 * @packageDocumentation
 */
export { rseq } from './kernel/rseq-module.js';
export type { RseqOptions } from './kernel/rseq-module.js';
export { RSEQ_PROFILES } from './kernel/profiles/rseq-profiles.js';
export type { RseqProfile } from './kernel/profiles/rseq-profiles.js';
export { RseqAuxiliary, rseqAuxiliaryValue } from './kernel/auxiliary-vector.js';
export {
  RSEQ_CPU_ID_UNINITIALIZED,
  RSEQ_FLAG_SLICE_EXT_DEFAULT_ON,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  RseqCsFlag,
  RseqCsOffset,
  RseqOffset,
} from './kernel/rseq-abi.js';
export { RuntimeError } from './runtime-error.js';
export type { RuntimeErrorCode } from './runtime-error.js';
export { RSEQ_OFFSET, rseqAreaOf } from './user/rseq-area.js';
