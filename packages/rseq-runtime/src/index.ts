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
export { RuntimeError } from './runtime-error.js';
export type { RuntimeErrorCode } from './runtime-error.js';
export { RSEQ_OFFSET, rseqAreaOf } from './user/rseq-area.js';

// Debugging
export { SectionTable } from './debug/section-table.js';
export type { ListedSection } from './debug/section-table.js';
export { rseqStateOf } from './debug/rseq-state.js';
export type { ArmedSection, RseqState } from './debug/rseq-state.js';
export { LivelockWatch } from './debug/livelock-watch.js';
export type { Livelock } from './debug/livelock-watch.js';
export { PtraceDebugger } from './debug/ptrace-debugger.js';
export type { DebugStop, PtraceDebuggerOptions, SteppingMode } from './debug/ptrace-debugger.js';
