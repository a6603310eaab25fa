import type { Instruction } from './instruction-word.js';
import { OPERAND_FORMATS, type Operand } from './operand-format.js';

/** Names that stand in an instruction's text in place of numbers. */
export interface InstructionNames {
  /** Label that a branch goes to. */
  readonly target?: string | undefined;
  /** Label whose address the literal is. */
  readonly literal?: string | undefined;
}

/** An instruction as assembly writes it, such as `ld32 r4, [r1 + 8]`. */
export function instructionText(instruction: Instruction, names: InstructionNames = {}): string {
  const { definition } = instruction;
  const operands = OPERAND_FORMATS[definition.format].map((operand) =>
    operandText(operand, instruction, names),
  );
  return [definition.mnemonic, operands.join(', ')].join(' ').trim();
}

function operandText(
  operand: Operand,
  { a, b, c, immediate }: Instruction,
  names: InstructionNames,
): string {
  switch (operand) {
    case 'a':
    case 'pair':
      return `r${a}`;
    case 'b':
      return `r${b}`;
    case 'c':
      return `r${c}`;
    case 'immediate':
    case 'shift':
      return String(immediate);
    case 'literal':
      return names.literal ?? wordText(immediate);
    case 'memory':
    case 'shortMemory':
      if (immediate === 0) return `[r${b}]`;
      return `[r${b} ${immediate < 0 ? '-' : '+'} ${Math.abs(immediate)}]`;
    case 'target':
      return names.target ?? `.${immediate < 0 ? '-' : '+'}${Math.abs(immediate) * 4}`;
  }
}

/** A word as assembly writes it: small ones decimal, the others hexadecimal. */
export function wordText(word: number): string {
  return Math.abs(word) < 4096 ? String(word) : `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
