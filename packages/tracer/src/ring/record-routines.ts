import type { Routine } from '@rseqlab/sim-machine';

/** The routines by which an event is recorded where nothing goes wrong, for chains. */
export interface RecordRoutines {
  /** r1: address of the rings, r2: first word of the record, r3: pid. r0 and `ReserveResult` are its results. */
  readonly reserve: Routine;
  /** By words less one. r1: where to, r2 to r6: the words. */
  readonly stores: readonly Routine[];
  /** r1: slot, r2: its first word, r3: record of the sub-buffer, r4: CPU. */
  readonly commit: Routine;
}

/** Where a record was reserved. */
export interface ReservedSlot {
  readonly slot: number;
  readonly cpu: number;
  readonly subbuf: number;
}
