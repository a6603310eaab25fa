import type { ProgramBuilder, Register } from '@rseqlab/sim-machine';
import type { PrimitiveResult } from './primitive-outcome.js';

/**
 * The order of the committing store: `release` makes it visible after everything that the thread
 * did before, to whoever loads the word with acquire.
 */
export type CommitOrder = 'relaxed' | 'release';

/** The words that a primitive works on, for {@link PrimitiveDefinition.reference}. */
export interface ReferenceMemory {
  /** A 32-bit word, as int32. */
  load(address: number): number;
  /** Changes a 32-bit word. */
  store(address: number, value: number): void;
}

/** Where a section goes when it does not commit, and how it commits. */
export interface SectionEnd {
  readonly order: CommitOrder;
  /** Label behind the section: a compare said no. */
  readonly compareFailed: string;
}

/** One of librseq's primitives: what it means, and how its section does it. */
export interface PrimitiveDefinition {
  /** Name in librseq, without the prefix. */
  readonly name: string;
  /**
   * What r1, r2, ... hold, in this order; the index comes last. The section leaves them as they are.
   */
  readonly parameters: readonly string[];
  /** Whether a word is loaded for the caller: that at its first argument. */
  readonly loads: boolean;
  /**
   * Writes the section's instructions from the first load to the committing store.
   *
   * Uses r8 and r9; r9 is what was loaded for the caller, if anything.
   */
  emit(builder: ProgramBuilder, end: SectionEnd): void;
  /** What it means: does all of it at once, as if nothing else moved. */
  reference(memory: ReferenceMemory, args: readonly number[]): PrimitiveResult;
}

/** Writes the committing store. */
export function emitCommit(
  builder: ProgramBuilder,
  { order }: SectionEnd,
  value: Register,
  base: Register,
): void {
  if (order === 'release') builder.stl32(value, base);
  else builder.st32(value, base);
}

/** The result of a reference that stored. */
export const COMMITTED: PrimitiveResult = { outcome: 0, loaded: 0 };

/** The result of a reference that compared and did not store. */
export const COMPARE_FAILED: PrimitiveResult = { outcome: 1, loaded: 0 };
