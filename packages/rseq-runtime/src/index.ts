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

// Debugging
export { SectionTable } from './debug/section-table.js';
export type { ListedSection } from './debug/section-table.js';
export { rseqStateOf } from './debug/rseq-state.js';
export type { ArmedSection, RseqState } from './debug/rseq-state.js';
export { LivelockWatch } from './debug/livelock-watch.js';
export type { Livelock } from './debug/livelock-watch.js';
export { PtraceDebugger } from './debug/ptrace-debugger.js';
export type { DebugStop, PtraceDebuggerOptions, SteppingMode } from './debug/ptrace-debugger.js';
