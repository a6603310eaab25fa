import type { DebugAnswer } from './debugger.js';

/** What the worker of a debugger says: first that it is open, or not; then an answer to every line. */
export type DebugWorkerAnswer =
  | { readonly kind: 'opened'; readonly greeting: string; readonly commands: readonly string[] }
  | DebugAnswer;
