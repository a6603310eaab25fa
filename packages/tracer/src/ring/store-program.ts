import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';

const { r1, r2, r3, r4, r5, r6 } = Registers;
const VALUES = [r2, r3, r4, r5, r6] as const;

/** Most words that one routine of {@link STORE_PROGRAM} stores. */
export const MAX_STORED_WORDS: number = VALUES.length;

/** Entry that stores so many words, 1 to {@link MAX_STORED_WORDS}. */
export function storeEntry(words: number): string {
  return `store${words}`;
}

/** store`n`(r1: address, r2 to r6: words): plain stores of n words one behind the other. */
export const STORE_PROGRAM: Program = build();

function build(): Program {
  const builder = new ProgramBuilder('ring buffer store');
  for (let words = VALUES.length; words > 0; words--)
    builder.label(storeEntry(words)).st32(VALUES[words - 1]!, r1, 4 * (words - 1));
  return builder.ret().build();
}
