import type { WindowRead } from './read-windows.js';

/** A read of a thread that spins. */
export interface GuardRead extends WindowRead {
  readonly thread: number;
}

/** Reads by which something is decided: whether what they read is as it was. */
export interface Guards {
  /** Those of a thread in their order. */
  readonly reads: readonly GuardRead[];
  /** Whether they decide if the step can come, and not only where it leads. */
  readonly decideStep: boolean;
}
