import type { EventRecord } from './event-record.js';

/** Where a search begins: a sequence of events, and what need not be tried behind it. */
export interface StartingPoint {
  /** Answers to what the machine asks before the first event; undefined for all there can be. */
  readonly boot: readonly number[] | undefined;
  readonly prefix: readonly EventRecord[];
  readonly asleep: readonly EventRecord[];
}

/** How far a search goes. */
export interface SearchBounds {
  /** Most kernel events of an execution. */
  readonly kernelEvents: number;
  /** Whether the machine allows any. */
  readonly mayInject: boolean;
  /** Stops every run behind the prefix, to see what could come next. */
  readonly isProbe: boolean;
}
