import { INSTRUCTION_SET } from './instruction-set.js';

/** By instruction number: 1 for an instruction that a decision may fall before, else 0. */
export const VISIBLE_OPCODES: Uint8Array = new Uint8Array(64);

for (const { opcode, visible } of INSTRUCTION_SET) VISIBLE_OPCODES[opcode] = visible ? 1 : 0;

/** The same as a word; bit n stands for instruction 32 + n, since those below 32 only compute. */
export const VISIBLE_OPCODES_FROM_32: number = VISIBLE_OPCODES.subarray(32).reduce(
  (bits, visible, n) => bits | (visible << n),
  0,
);
