import type { BufferedMemory } from './buffered-memory.js';
import type { RecordedInstruction, RecordingBuilder } from './recording-builder.js';

/** Where a recorded thread is. */
export interface RecordedState {
  readonly next: number;
  readonly registers: readonly number[];
}

type Binary = (left: number, right: number) => number;

const COMPUTE: Readonly<Record<string, Binary>> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  and: (left, right) => left & right,
  or: (left, right) => left | right,
  xor: (left, right) => left ^ right,
};

const COMPUTE_IMMEDIATE: Readonly<Record<string, Binary>> = {
  li: (_, immediate) => immediate,
  li32: (_, immediate) => immediate,
  mov: (left) => left,
  addi: (left, immediate) => left + immediate,
  andi: (left, immediate) => left & immediate,
  shli: (left, immediate) => left << immediate,
};

const BRANCH: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  jmp: () => true,
  beq: (left, right) => left === right,
  bne: (left, right) => left !== right,
  blt: (left, right) => left < right,
  bge: (left, right) => left >= right,
  bltu: (left, right) => left >>> 0 < right >>> 0,
  bgeu: (left, right) => left >>> 0 >= right >>> 0,
};

const LOAD: Readonly<Record<string, number>> = { ld8u: 1, ld16u: 2, ld32: 4 };
const STORE: Readonly<Record<string, number>> = { st8: 1, st16: 2, st32: 4 };

const ATOMIC: Readonly<Record<string, (old: number, a: number, c: number) => number>> = {
  cas32: (old, expected, desired) => (old === expected ? desired : old),
  xchg32: (_, given) => given,
  xadd32: (old, given) => (old + given) | 0,
  xand32: (old, given) => old & given,
  xorr32: (old, given) => old | given,
  xxor32: (old, given) => old ^ given,
};

/** Executes what a builder has recorded, one instruction a step. */
export class RecordedThread {
  readonly #thread: number;
  readonly #code: RecordingBuilder;
  readonly #memory: BufferedMemory;

  constructor(thread: number, code: RecordingBuilder, memory: BufferedMemory) {
    this.#thread = thread;
    this.#code = code;
    this.#memory = memory;
  }

  /** Whether the thread has come to its `ret`. */
  isAtEnd({ next }: RecordedState): boolean {
    return this.#code.recorded[next]!.mnemonic === 'ret';
  }

  /** Executes what only the thread itself can see, up to an access, a fence or the end. */
  settle(state: RecordedState): RecordedState {
    let settled = state;
    while (isPrivate(this.#code.recorded[settled.next]!)) settled = this.step(settled);
    return settled;
  }

  /** Executes one instruction. */
  step({ next, registers }: RecordedState): RecordedState {
    const instruction = this.#code.recorded[next]!;
    const { mnemonic, a = 0, b = 0, c = 0, immediate = 0, label = '' } = instruction;
    const [left, right] = [registers[a]!, registers[b]!];
    const taken = BRANCH[mnemonic]?.(left, right) ?? false;
    if (taken) return { next: this.#code.labels.get(label)!, registers };
    const value =
      COMPUTE[mnemonic]?.(right, registers[c]!) ??
      COMPUTE_IMMEDIATE[mnemonic]?.(right, immediate) ??
      this.#access(mnemonic, left, right + immediate, registers[c]!) ??
      left;
    return { next: next + 1, registers: registers.map((old, at) => (at === a ? value | 0 : old)) };
  }

  /** What an access leaves in register a; undefined for none. */
  #access(mnemonic: string, a: number, address: number, c: number): number | undefined {
    const [loadSize, storeSize, change] = [LOAD[mnemonic], STORE[mnemonic], ATOMIC[mnemonic]];
    if (loadSize !== undefined) return this.#memory.load(this.#thread, address, loadSize);
    if (storeSize !== undefined) this.#memory.store(this.#thread, address, storeSize, a);
    if (change) return this.#memory.update(this.#thread, address, (old) => change(old, a, c));
    if (mnemonic === 'fence') this.#memory.drainAll(this.#thread);
    return undefined;
  }
}

function isPrivate({ mnemonic }: RecordedInstruction): boolean {
  const known = [COMPUTE, COMPUTE_IMMEDIATE, BRANCH].some((table) => mnemonic in table);
  if (known || mnemonic === 'nop') return true;
  const visible = [LOAD, STORE, ATOMIC].some((table) => mnemonic in table);
  if (visible || ['fence', 'fencer', 'fencew', 'ret'].includes(mnemonic)) return false;
  throw new Error(`the recorded thread knows no ${mnemonic}`);
}
