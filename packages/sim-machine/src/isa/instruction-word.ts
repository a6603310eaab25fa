import { definitionOfOpcode, type InstructionDefinition } from './instruction-set.js';
import { fieldsOf } from './operand-format.js';

/** An instruction taken apart; fields that its format lacks are 0. */
export interface Instruction {
  readonly definition: InstructionDefinition;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Immediate, shift, literal, offset in bytes, or for a branch words from the instruction. */
  readonly immediate: number;
  /** Bytes the instruction takes: 8 when a literal follows, else 4. */
  readonly lengthBytes: number;
}

/**
 * Packs fields into an instruction's word; fields that its format lacks are left out, and a literal
 * belongs into the next word.
 *
 * | bits      | 31..18 | 17..14 | 13..10 | 9..6 | 5..0   |
 * |-----------|--------|--------|--------|------|--------|
 * | without c | imm18  | imm18  | b      | a    | opcode |
 * | with c    | imm14  | c      | b      | a    | opcode |
 */
export function encodeInstruction(instruction: Omit<Instruction, 'lengthBytes'>): number {
  const { definition, a, b, c, immediate } = instruction;
  const fields = fieldsOf(definition.format);
  return (
    definition.opcode |
    (fields.a ? a << 6 : 0) |
    (fields.b ? b << 10 : 0) |
    (fields.c ? c << 14 : 0) |
    (typeof fields.immediate === 'number' ? immediate << fields.immediate : 0)
  );
}

/**
 * Takes a word apart.
 *
 * @param literal the word behind it
 * @returns undefined when the word is not an instruction
 */
export function decodeInstruction(word: number, literal: number): Instruction | undefined {
  const definition = definitionOfOpcode(word & 63);
  if (definition === undefined) return undefined;
  const fields = fieldsOf(definition.format);
  const a = fields.a ? (word >>> 6) & 15 : 0;
  if (fields.pair && a % 2 === 1) return undefined;
  const isLiteral = fields.immediate === 'literal';
  return {
    definition,
    a,
    b: fields.b ? (word >>> 10) & 15 : 0,
    c: fields.c ? (word >>> 14) & 15 : 0,
    immediate:
      fields.immediate === undefined
        ? 0
        : fields.immediate === 'literal'
          ? literal
          : word >> fields.immediate,
    lengthBytes: isLiteral ? 8 : 4,
  };
}

/** Whether a word is what the encoder makes of its decoding: no stray bits, no shift above 31. */
export function isCanonical(word: number, instruction: Instruction): boolean {
  if (instruction.definition.format === 'abShift' && word >>> 14 > 31) return false;
  return encodeInstruction(instruction) === word;
}
