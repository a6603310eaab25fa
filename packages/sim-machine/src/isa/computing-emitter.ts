import type { Mnemonic } from './opcodes.js';
import type { Operands } from './operands.js';
import type { Register } from './register.js';

/** The builder's methods for instructions that touch registers only, one a mnemonic. */
export abstract class ComputingEmitter {
  /** Appends an instruction by name. */
  abstract instruction(mnemonic: Mnemonic, operands: Operands): this;

  /** Returns to whoever called the routine. */
  ret(): this {
    return this.instruction('ret', {});
  }

  /** Does nothing. */
  nop(): this {
    return this.instruction('nop', {});
  }

  /** into = immediate, 18 bits signed. */
  li(into: Register, immediate: number): this {
    return this.instruction('li', { a: into, immediate });
  }

  /** into = a whole word, or the address of a label. */
  li32(into: Register, literal: number | string): this {
    return this.instruction('li32', { a: into, ...literalOperand(literal) });
  }

  /** into = from. */
  mov(into: Register, from: Register): this {
    return this.instruction('mov', { a: into, b: from });
  }

  /** into = left + right, wrapping. */
  add(into: Register, left: Register, right: Register): this {
    return this.instruction('add', { a: into, b: left, c: right });
  }

  /** into = left - right, wrapping. */
  sub(into: Register, left: Register, right: Register): this {
    return this.instruction('sub', { a: into, b: left, c: right });
  }

  /** into = left & right. */
  and(into: Register, left: Register, right: Register): this {
    return this.instruction('and', { a: into, b: left, c: right });
  }

  /** into = left | right. */
  or(into: Register, left: Register, right: Register): this {
    return this.instruction('or', { a: into, b: left, c: right });
  }

  /** into = left ^ right. */
  xor(into: Register, left: Register, right: Register): this {
    return this.instruction('xor', { a: into, b: left, c: right });
  }

  /** into = left << (right & 31). */
  shl(into: Register, left: Register, right: Register): this {
    return this.instruction('shl', { a: into, b: left, c: right });
  }

  /** into = left >>> (right & 31), filling with zeros. */
  shr(into: Register, left: Register, right: Register): this {
    return this.instruction('shr', { a: into, b: left, c: right });
  }

  /** into = left >> (right & 31), filling with the sign. */
  sar(into: Register, left: Register, right: Register): this {
    return this.instruction('sar', { a: into, b: left, c: right });
  }

  /** into = the low 32 bits of left * right. */
  mul(into: Register, left: Register, right: Register): this {
    return this.instruction('mul', { a: into, b: left, c: right });
  }

  /** into = 1 if left < right, signed, else 0. */
  slt(into: Register, left: Register, right: Register): this {
    return this.instruction('slt', { a: into, b: left, c: right });
  }

  /** into = 1 if left < right, unsigned, else 0. */
  sltu(into: Register, left: Register, right: Register): this {
    return this.instruction('sltu', { a: into, b: left, c: right });
  }

  /** into = left + immediate, wrapping. */
  addi(into: Register, left: Register, immediate: number): this {
    return this.instruction('addi', { a: into, b: left, immediate });
  }

  /** into = left & immediate. */
  andi(into: Register, left: Register, immediate: number): this {
    return this.instruction('andi', { a: into, b: left, immediate });
  }

  /** into = left | immediate. */
  ori(into: Register, left: Register, immediate: number): this {
    return this.instruction('ori', { a: into, b: left, immediate });
  }

  /** into = left ^ immediate. */
  xori(into: Register, left: Register, immediate: number): this {
    return this.instruction('xori', { a: into, b: left, immediate });
  }

  /** into = left << immediate. */
  shli(into: Register, left: Register, immediate: number): this {
    return this.instruction('shli', { a: into, b: left, immediate });
  }

  /** into = left >>> immediate. */
  shri(into: Register, left: Register, immediate: number): this {
    return this.instruction('shri', { a: into, b: left, immediate });
  }

  /** into = left >> immediate. */
  sari(into: Register, left: Register, immediate: number): this {
    return this.instruction('sari', { a: into, b: left, immediate });
  }

  /** into = the low 32 bits of left * immediate. */
  muli(into: Register, left: Register, immediate: number): this {
    return this.instruction('muli', { a: into, b: left, immediate });
  }

  /** into = 1 if left < immediate, signed, else 0. */
  slti(into: Register, left: Register, immediate: number): this {
    return this.instruction('slti', { a: into, b: left, immediate });
  }

  /** into = 1 if left < immediate (sign-extended), unsigned, else 0. */
  sltiu(into: Register, left: Register, immediate: number): this {
    return this.instruction('sltiu', { a: into, b: left, immediate });
  }

  /** Goes to the label if left === right. */
  beq(left: Register, right: Register, label: string): this {
    return this.instruction('beq', { a: left, b: right, label });
  }

  /** Goes to the label if left !== right. */
  bne(left: Register, right: Register, label: string): this {
    return this.instruction('bne', { a: left, b: right, label });
  }

  /** Goes to the label if left < right, signed. */
  blt(left: Register, right: Register, label: string): this {
    return this.instruction('blt', { a: left, b: right, label });
  }

  /** Goes to the label if left >= right, signed. */
  bge(left: Register, right: Register, label: string): this {
    return this.instruction('bge', { a: left, b: right, label });
  }

  /** Goes to the label if left < right, unsigned. */
  bltu(left: Register, right: Register, label: string): this {
    return this.instruction('bltu', { a: left, b: right, label });
  }

  /** Goes to the label if left >= right, unsigned. */
  bgeu(left: Register, right: Register, label: string): this {
    return this.instruction('bgeu', { a: left, b: right, label });
  }

  /** Goes to the label. */
  jmp(label: string): this {
    return this.instruction('jmp', { label });
  }
}

function literalOperand(literal: number | string): Operands {
  return typeof literal === 'string' ? { label: literal } : { immediate: literal };
}
