import type { ProgramBuilder } from '@rseqlab/sim-machine';
import type { ArithmeticOperation } from './litmus-instruction.js';
import type { LitmusLayout } from './litmus-layout.js';
import type { LitmusOperand, MemoryOperand } from './litmus-operand.js';
import type { LitmusValue } from './litmus-value.js';
import { SCRATCH, type MachineRegister, type RegisterAssignment } from './machine-registers.js';
import type { OperandWidth, X86Register } from './x86-register.js';

/** A place in memory as an instruction names it. */
export interface EmittedAddress {
  readonly base: MachineRegister;
  readonly offsetBytes: number;
}

const LOWEST_IMMEDIATE = -(2 ** 17);
const HIGHEST_IMMEDIATE = 2 ** 17 - 1;

/** The offsets that every access has room for, atomic ones included. */
const HIGHEST_OFFSET_BYTES = 2 ** 13 - 1;

/** What the instructions of one thread are translated with: operands, accesses and flags. */
export class ThreadEmitter {
  readonly builder: ProgramBuilder;
  readonly #layout: LitmusLayout;
  readonly #registers: RegisterAssignment;
  readonly #keepsFlags: boolean;
  #labels = 0;

  /** @param keepsFlags - whether the thread jumps on conditions at all */
  constructor(
    builder: ProgramBuilder,
    layout: LitmusLayout,
    registers: RegisterAssignment,
    keepsFlags: boolean,
  ) {
    this.builder = builder;
    this.#layout = layout;
    this.#registers = registers;
    this.#keepsFlags = keepsFlags;
  }

  /** Clears the flags, as a thread finds them: neither zero, nor negative, nor a carry. */
  clearFlags(): void {
    if (this.#keepsFlags) this.builder.li(SCRATCH.flagLeft, 1).li(SCRATCH.flagRight, 0);
  }

  /** The machine register that stands for a register. */
  register(register: X86Register): MachineRegister {
    return this.#registers.get(register)!;
  }

  /** A label that the test cannot have. */
  newLabel(): string {
    return `skip_${this.#labels++}`;
  }

  /** Sets a register to a value. */
  set(into: MachineRegister, value: LitmusValue): void {
    const word = typeof value === 'string' ? this.#layout.get(value)! : value;
    if (word >= LOWEST_IMMEDIATE && word <= HIGHEST_IMMEDIATE) this.builder.li(into, word);
    else this.builder.li32(into, word | 0);
  }

  /** Copies a register or a constant; memory is for {@link ThreadEmitter.load}. */
  copy(into: MachineRegister, operand: Exclude<LitmusOperand, MemoryOperand>): void {
    if (operand.kind === 'immediate') this.set(into, operand.value);
    else this.builder.mov(into, this.register(operand.register));
  }

  /** Puts any operand into a register: a load, if it is memory. */
  fetch(into: MachineRegister, operand: LitmusOperand, widthBytes: OperandWidth): void {
    if (operand.kind === 'memory') this.load(into, this.address(operand), widthBytes);
    else this.copy(into, operand);
  }

  /** Computes an address into the scratch register for it, where it needs computing. */
  address(operand: MemoryOperand): EmittedAddress {
    const { location, displacementBytes, base, index, scale } = operand;
    const { builder } = this;
    const start = location === undefined ? 0 : this.#layout.get(location)!;
    const constant = (start + displacementBytes) | 0;
    const isShort = Math.abs(constant) <= HIGHEST_OFFSET_BYTES;
    if (base !== undefined && index === undefined && isShort)
      return { base: this.register(base), offsetBytes: constant };
    const into = SCRATCH.address;
    this.set(into, constant);
    if (base !== undefined) builder.add(into, into, this.register(base));
    if (index !== undefined) {
      builder.shli(SCRATCH.masked, this.register(index), Math.log2(scale));
      builder.add(into, into, SCRATCH.masked);
    }
    return { base: into, offsetBytes: 0 };
  }

  /** Loads so many bytes, at most a word; narrow ones are zero-extended. */
  load(
    into: MachineRegister,
    { base, offsetBytes }: EmittedAddress,
    widthBytes: OperandWidth,
  ): void {
    if (widthBytes === 1) this.builder.ld8u(into, base, offsetBytes);
    else if (widthBytes === 2) this.builder.ld16u(into, base, offsetBytes);
    else this.builder.ld32(into, base, offsetBytes);
  }

  /** Stores the low bytes of a register, at most a word. */
  store(
    from: MachineRegister,
    { base, offsetBytes }: EmittedAddress,
    widthBytes: OperandWidth,
  ): void {
    if (widthBytes === 1) this.builder.st8(from, base, offsetBytes);
    else if (widthBytes === 2) this.builder.st16(from, base, offsetBytes);
    else this.builder.st32(from, base, offsetBytes);
  }

  /** Writes the low part of a register and leaves the rest of it, as x86 does below 32 bits. */
  merge(into: MachineRegister, from: MachineRegister, widthBytes: OperandWidth): void {
    const { builder } = this;
    if (widthBytes >= 4) {
      if (into !== from) builder.mov(into, from);
      return;
    }
    const mask = 2 ** (widthBytes * 8) - 1;
    builder.andi(SCRATCH.masked, from, mask);
    builder.andi(into, into, ~mask);
    builder.or(into, into, SCRATCH.masked);
  }

  /** into = left operation right, on whole words. */
  compute(
    operation: ArithmeticOperation,
    into: MachineRegister,
    left: MachineRegister,
    right: MachineRegister,
  ): void {
    this.builder[operation](into, left, right);
  }

  /**
   * Keeps what a later jump will compare: `left` against `right` after a subtraction, against
   * `-right` after an addition, and what came out against 0 otherwise.
   *
   * Three things are not as on x86, and the small values of litmus tests do not come near them: the
   * carry after an addition, the carry after `dec`, which sets it here, and signed relations after
   * adding the most negative number of a width.
   */
  keepFlags(
    operation: ArithmeticOperation,
    left: MachineRegister,
    right: MachineRegister,
    widthBytes: OperandWidth,
  ): void {
    if (!this.#keepsFlags) return;
    const { builder } = this;
    const { flagLeft, flagRight } = SCRATCH;
    const shift = Math.max(0, 32 - widthBytes * 8);
    if (operation === 'sub' || operation === 'add') {
      builder.shli(flagLeft, left, shift);
      builder.shli(flagRight, right, shift);
      if (operation === 'sub') return;
      builder.li(SCRATCH.masked, 0);
      builder.sub(flagRight, SCRATCH.masked, flagRight);
      return;
    }
    builder[operation](flagLeft, left, right);
    builder.shli(flagLeft, flagLeft, shift);
    builder.li(flagRight, 0);
  }
}
