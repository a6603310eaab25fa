import { MemoryOrder } from '@rseqlab/sim-machine';
import type { Instruction, InstructionEffect, Mnemonic } from '@rseqlab/sim-machine';
import { branchOn } from './loaded-branch.js';
import type { LoadedBranch } from './loaded-branch.js';
import { Underivable } from './no-fallback.js';
import type { SectionCode } from './section-code.js';
import { OPAQUE, compute, wordOf } from './symbolic-value.js';
import type { SymbolicValue } from './symbolic-value.js';
import type { ObservedWords } from './observed-words.js';
import type { ThreadArea } from './thread-area.js';
import type { VectorWriter } from './vector-writer.js';

/** Instructions after which a routine is taken for one that does not end. */
const MAX_STEPS = 4096;

/** Where a run stands. */
export type RunState = 'running' | 'returned' | LoadedBranch;

type Load = Extract<InstructionEffect, { kind: 'load' }>;
type Store = Extract<InstructionEffect, { kind: 'store' }>;

/** Follows a routine with symbolic registers, from its entry to a branch on a loaded value or to `ret`. */
export class SectionRun {
  readonly registers: SymbolicValue[];
  /** Byte offset of the next instruction. */
  offset: number;
  readonly #code: SectionCode;
  readonly #area: ThreadArea;
  /** Undefined in a run that may have no effects. */
  readonly #writer: VectorWriter | undefined;
  readonly #observed: ObservedWords;
  #steps = 0;

  constructor(
    code: SectionCode,
    area: ThreadArea,
    writer: VectorWriter | undefined,
    offset: number,
    registers: readonly SymbolicValue[],
    observed: ObservedWords,
  ) {
    this.#code = code;
    this.#area = area;
    this.#writer = writer;
    this.#observed = observed;
    this.offset = offset;
    this.registers = [...registers];
  }

  /** A run from an offset on that may have no effects. */
  withoutEffects(offset: number): SectionRun {
    const { registers } = this;
    return new SectionRun(this.#code, this.#area, undefined, offset, registers, this.#observed);
  }

  /**
   * Goes on until `ret` or a branch that depends on memory.
   *
   * @throws Underivable at what no vector can do
   */
  run(): Exclude<RunState, 'running'> {
    for (;;) {
      const instruction = this.#code.at(this.offset);
      if (instruction === undefined || this.#steps++ > MAX_STEPS)
        throw new Underivable('instruction');
      const state = this.#step(instruction);
      if (state !== 'running') return state;
    }
  }

  #step(instruction: Instruction): RunState {
    const { effect, mnemonic } = instruction.definition;
    switch (effect.kind) {
      case 'compute':
        this.registers[instruction.a] = this.#computed(instruction);
        break;
      case 'branch':
        return this.#branch(instruction);
      case 'load':
        this.#load(instruction, effect);
        break;
      case 'store':
        this.#store(instruction, effect);
        break;
      case 'fence':
        if (this.#code.contains(this.offset)) this.#effects().fence();
        break;
      case 'query':
        if (effect.query === 'clock') throw new Underivable('instruction');
        this.registers[instruction.a] = this.#area.cpu;
        break;
      case 'atomic':
        throw new Underivable('atomic');
      case 'exit':
        if (mnemonic === 'ret') return 'returned';
        throw new Underivable('instruction');
      case 'await':
        throw new Underivable('instruction');
      case 'none':
        break;
    }
    this.offset += instruction.lengthBytes;
    return 'running';
  }

  #computed({ definition, b, c, immediate }: Instruction): SymbolicValue {
    const { mnemonic, format } = definition;
    const left = this.registers[b]!;
    switch (format) {
      case 'aImmediate':
      case 'aLiteral':
        return immediate;
      case 'ab':
        return compute(mnemonic, left, 0);
      case 'abc':
        return compute(mnemonic, left, this.registers[c]!);
      default:
        return compute(withoutImmediate(mnemonic), left, immediate);
    }
  }

  #branch(instruction: Instruction): RunState {
    const { definition, a, b, immediate, lengthBytes } = instruction;
    const target = this.offset + immediate * 4;
    const next = this.offset + lengthBytes;
    const taken =
      definition.mnemonic === 'jmp'
        ? true
        : branchOn(definition.mnemonic, this.registers[a]!, this.registers[b]!);
    if (typeof taken === 'object') return { ...taken, target, next };
    this.offset = taken ? target : next;
    return 'running';
  }

  #load(instruction: Instruction, { size, signed, order }: Load): void {
    const address = this.#address(instruction);
    const field = this.#area.field(address, size);
    if (field !== undefined) {
      this.registers[instruction.a] = field;
      return;
    }
    if (!this.#code.contains(this.offset)) throw new Underivable('outside');
    if (order === MemoryOrder.Acquire) throw new Underivable('order');
    if (size === 8) {
      this.registers[instruction.a] = this.#loaded(address, 4, false);
      this.registers[instruction.a + 1] = this.#loaded(address + 4, 4, false);
    } else this.registers[instruction.a] = this.#loaded(address, size, signed);
  }

  #loaded(address: number, size: 1 | 2 | 4, signed: boolean): SymbolicValue {
    const own = this.#stores()?.ownStore(address, size);
    if (own === 'unclear') return { kind: 'opaque', rule: 'overwritten' };
    if (own !== undefined) return extended(own, size, signed);
    const after = this.#stores()?.stores ?? 0;
    const loaded = { kind: 'loaded', address, size, signed, after } as const;
    return this.#observed.valueOf(loaded, this.#writer) ?? loaded;
  }

  #store(instruction: Instruction, { size, order }: Store): void {
    const address = this.#address(instruction);
    if (!this.#code.contains(this.offset)) {
      // Arming and disarming is what makes it a section; a vector needs none.
      if (this.#area.isRseqCs(address)) return;
      throw new Underivable('outside');
    }
    const writer = this.#effects();
    if (order === MemoryOrder.Release) writer.fence();
    const value = this.registers[instruction.a]!;
    if (size === 8) writer.storePair(address, value, this.registers[instruction.a + 1]!);
    else writer.store(address, size, value);
  }

  #address({ b, immediate }: Instruction): number {
    const base = this.registers[b]!;
    if (typeof base === 'number') return (base + immediate) | 0;
    if (base.kind === 'opaque') throw new Underivable(base === OPAQUE ? 'address' : base.rule);
    throw new Underivable('address', wordOf(base));
  }

  #stores(): VectorWriter | undefined {
    return this.#writer;
  }

  /** Where effects go; a run that may have none ends here. */
  #effects(): VectorWriter {
    if (this.#writer === undefined) throw new Underivable('both-ways');
    return this.#writer;
  }
}

function withoutImmediate(mnemonic: Mnemonic): Mnemonic {
  return (mnemonic === 'sltiu' ? 'sltu' : mnemonic.slice(0, -1)) as Mnemonic;
}

function extended(value: number, size: 1 | 2 | 4, signed: boolean): number {
  const unused = 32 - size * 8;
  return signed ? (value << unused) >> unused : ((value << unused) >>> unused) | 0;
}
