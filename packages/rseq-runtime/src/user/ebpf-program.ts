import { EbpfCode, EbpfHelper, FRAME_POINTER, LD_IMM64 } from '../kernel/ebpf/ebpf-abi.js';
import { RuntimeError } from '../runtime-error.js';

/** A user address in a program: a constant, or the register that holds it. */
export type EbpfAddress = number | { readonly register: number };

const { LDX, ST, STX, ALU64, JMP, JMP32, W, DW, MEM, K, X, ADD, MOV, JNE, CALL, EXIT } = EbpfCode;

/**
 * Writes eBPF programs, instruction by instruction, with labels for jumps forward.
 *
 * An instruction has 8 bytes: opcode u8, destination and source u4 each, offset s16, imm s32.
 *
 * @source Documentation/bpf/standardization/instruction-set.rst
 */
export class EbpfBuilder {
  readonly #words: number[] = [];
  readonly #labels = new Map<string, number>();
  readonly #jumps: { readonly at: number; readonly label: string }[] = [];

  /** Adds any instruction. */
  instruction(opcode: number, destination = 0, source = 0, offset = 0, imm = 0): this {
    this.#words.push(opcode | (destination << 8) | (source << 12) | (offset << 16), imm);
    return this;
  }

  /** The next instruction can be jumped to. */
  label(name: string): this {
    this.#labels.set(name, this.#words.length / 2);
    return this;
  }

  /** register = constant, the sign extended. */
  move(register: number, imm: number): this {
    return this.instruction(ALU64 | MOV | K, register, 0, 0, imm);
  }

  /** register = constant of 64 bits, in two slots. */
  moveWide(register: number, low: number, high: number): this {
    return this.instruction(LD_IMM64, register, 0, 0, low).instruction(0, 0, 0, 0, high);
  }

  /** register = source. */
  moveRegister(register: number, source: number): this {
    return this.instruction(ALU64 | MOV | X, register, source);
  }

  /** register = register operation source, in 64 bits. */
  compute(operation: number, register: number, source: number): this {
    return this.instruction(ALU64 | operation | X, register, source);
  }

  /** register = a stack slot of 4 or 8 bytes; slots are below the frame pointer. */
  loadSlot(register: number, slot: number, bytes: 4 | 8): this {
    return this.instruction(LDX | MEM | (bytes === 8 ? DW : W), register, FRAME_POINTER, slot);
  }

  /** A stack slot of 4 or 8 bytes = register. */
  storeSlot(slot: number, register: number, bytes: 4 | 8): this {
    return this.instruction(STX | MEM | (bytes === 8 ? DW : W), FRAME_POINTER, register, slot);
  }

  /** A stack slot of 4 bytes = constant. */
  setSlot(slot: number, imm: number): this {
    return this.instruction(ST | MEM | W, FRAME_POINTER, 0, slot, imm);
  }

  /** Goes on at a label when a test of the lower word of a register holds. */
  jumpIf(test: number, register: number, imm: number, label: string): this {
    this.#jumps.push({ at: this.#words.length, label });
    return this.instruction(JMP32 | test | K, register, 0, 0, imm);
  }

  /** Calls a helper. */
  call(helper: EbpfHelper): this {
    return this.instruction(JMP | CALL, 0, 0, 0, helper);
  }

  /** Copies user memory into a stack slot; at `failed` with -EFAULT in r0 where it cannot. */
  readUser(slot: number, length: number, address: EbpfAddress, failed: string): this {
    this.#address(3, address);
    this.#slot(1, slot).move(2, length).call(EbpfHelper.probeReadUser);
    return this.jumpIf(JNE, 0, 0, failed);
  }

  /** Copies a stack slot to user memory; leaves 0 or -EFAULT in r0. */
  writeUser(address: EbpfAddress, slot: number, length: number): this {
    this.#address(1, address);
    return this.#slot(2, slot).move(3, length).call(EbpfHelper.probeWriteUser);
  }

  /** Ends with r0. */
  exit(): this {
    return this.instruction(JMP | EXIT);
  }

  /**
   * The program as it lies in memory, two words an instruction.
   *
   * @throws RuntimeError `ERR_LABEL` for a jump to a label that is nowhere
   */
  build(): Int32Array {
    const words = Int32Array.from(this.#words);
    for (const { at, label } of this.#jumps) {
      const target = this.#labels.get(label);
      if (target === undefined)
        throw new RuntimeError('ERR_LABEL', `expected a label of the program, got "${label}"`);
      words[at] = (words[at]! & 0xffff) | ((target - at / 2 - 1) << 16);
    }
    return words;
  }

  #slot(register: number, slot: number): this {
    return this.moveRegister(register, FRAME_POINTER).instruction(
      ALU64 | ADD | K,
      register,
      0,
      0,
      slot,
    );
  }

  #address(register: number, address: EbpfAddress): this {
    return typeof address === 'number'
      ? this.move(register, address)
      : this.moveRegister(register, address.register);
  }
}
