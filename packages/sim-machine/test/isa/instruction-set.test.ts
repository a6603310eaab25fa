import { describe, expect, it } from 'vitest';
import {
  definitionOf,
  definitionOfOpcode,
  INSTRUCTION_SET,
  isMnemonic,
} from '../../src/isa/instruction-set.js';
import { decodeInstruction } from '../../src/isa/instruction-word.js';
import { VISIBLE_OPCODES, VISIBLE_OPCODES_FROM_32 } from '../../src/isa/visibility.js';

const INVISIBLE =
  'ret nop li li32 mov add sub and or xor shl shr sar mul slt sltu ' +
  'addi andi ori xori shli shri sari muli slti sltiu beq bne blt bge bltu bgeu jmp';
const VISIBLE =
  'ld8u ld16u ld8s ld16s ld32 ld64 st8 st16 st32 st64 lda32 stl32 cas32 xchg32 xadd32 xand32 ' +
  'xorr32 xxor32 fence fencer fencew pause brk syscall rdclk rdpid await32';

describe('the instruction set', () => {
  it('gives every instruction a number of its own', () => {
    const numbers = INSTRUCTION_SET.map(({ opcode }) => opcode);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number & 63).toBe(number);
  });

  it('has the instructions of the contract, visible those that others can tell', () => {
    const names = (visible: boolean): string[] =>
      INSTRUCTION_SET.filter((row) => row.visible === visible).map(({ mnemonic }) => mnemonic);
    expect(names(false)).toEqual(INVISIBLE.split(' '));
    expect(names(true)).toEqual(VISIBLE.split(' '));
  });

  it('has no instruction where zeroed memory or a signature would decode to one', () => {
    for (const word of [0, 0x53053053, 0xf1401073, 0xd428bc00, 0xb2ff0fff]) {
      expect(definitionOfOpcode(word & 63)).toBeUndefined();
      expect(decodeInstruction(word | 0, 0)).toBeUndefined();
    }
    expect([0, 19, 51, 63].map(definitionOfOpcode)).toEqual(new Array(4).fill(undefined));
  });

  it('finds rows by name and by number', () => {
    for (const row of INSTRUCTION_SET) {
      expect(definitionOf(row.mnemonic)).toBe(row);
      expect(definitionOfOpcode(row.opcode)).toBe(row);
      expect(VISIBLE_OPCODES[row.opcode]).toBe(row.visible ? 1 : 0);
      const isVisible = row.opcode >= 32 && ((VISIBLE_OPCODES_FROM_32 >>> row.opcode) & 1) === 1;
      expect(isVisible).toBe(row.visible);
    }
    expect(isMnemonic('xorr32')).toBe(true);
    expect(isMnemonic('toString')).toBe(false);
  });
});
