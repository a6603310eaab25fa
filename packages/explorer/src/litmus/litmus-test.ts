import type { LitmusInstruction } from './litmus-instruction.js';
import type { LitmusQuestion } from './litmus-question.js';
import type { SourcePosition } from './source-text.js';

/** An instruction of a thread, with its text and place for reports. */
export interface PlacedInstruction {
  readonly instruction: LitmusInstruction;
  /** The instruction as written. */
  readonly text: string;
  readonly position: SourcePosition;
}

/** One column of the program. */
export interface LitmusThread {
  readonly instructions: readonly PlacedInstruction[];
  /** Label to the index of the instruction it stands before; the end's is the number of them. */
  readonly labels: ReadonlyMap<string, number>;
}

/** A parsed litmus test of the X86_64 dialect. */
export interface LitmusTest extends LitmusQuestion {
  /** The threads; P0 is the first. */
  readonly threads: readonly LitmusThread[];
}
