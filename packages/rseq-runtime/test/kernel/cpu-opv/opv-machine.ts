import type { KernelModule, MachineConfig, Operation, Thread } from '@rseqlab/sim-machine';
import { cpuOpv } from '../../../src/kernel/cpu-opv/cpu-opv-module.js';
import { CpuOpVector } from '../../../src/user/cpu-op-vector.js';
import type { CpuOp } from '../../../src/user/cpu-op-vector.js';
import { sysCpuOpv } from '../../../src/user/cpu-opv.js';
import { HandMachine } from '../../hand-machine.js';

export const PAGE = 4096;
export const UNMAPPED = 0x30000000;
export const KERNEL = 0x80000000 | 0;
/** The text: readable, not writable. */
export const TEXT = 0x400000;

/** Arguments that a test does not leave at what is right. */
export interface Call {
  readonly count?: number;
  readonly cpu?: number;
  readonly flags?: number;
  /** Address of the vector; default where the test's own was put. */
  readonly ops?: number;
  /** Words of the vector to overwrite: index of the word and its value. */
  readonly patch?: readonly (readonly [word: number, value: number])[];
  /** What the thread does before. */
  readonly before?: (t: Thread) => Operation<unknown>;
  /** What the thread does after. */
  readonly after?: (t: Thread) => Operation<unknown>;
}

/** A machine with cpu_opv and some pages of data. */
export class OpvMachine extends HandMachine {
  /** Three pages, present. */
  readonly data: number;
  readonly #vector: number;

  constructor(config: MachineConfig = {}, modules: readonly KernelModule[] = []) {
    super({}, { kernel: [...modules, cpuOpv()], ...config });
    this.#vector = this.process.allocate(PAGE, PAGE);
    this.data = this.process.allocate(3 * PAGE, PAGE);
  }

  /** Word of the data. */
  word(index: number): number {
    return this.process.read32(this.data + index * 4);
  }

  /** Fills the first words of the data. */
  fill(...words: readonly number[]): void {
    words.forEach((value, index) => this.process.write32(this.data + index * 4, value));
  }

  /** Starts a thread on CPU 0 that makes one call; the result is to be looked at at the end. */
  start(ops: readonly CpuOp[], call: Call = {}): number[] {
    const vector = new CpuOpVector(ops);
    const at = this.#vector;
    vector.wordsAt(at).forEach((word, index) => this.process.write32(at + index * 4, word));
    for (const [word, value] of call.patch ?? []) this.process.write32(at + word * 4, value);
    const results: number[] = [];
    this.process.spawn(
      function* caller(t) {
        if (call.before !== undefined) yield* call.before(t);
        const { count = vector.count, cpu = 0, flags = 0, ops: address = at } = call;
        results.push(yield* sysCpuOpv(t, address, count, cpu, flags));
        if (call.after !== undefined) yield* call.after(t);
      },
      { cpu: 0 },
    );
    return results;
  }

  /** Makes one call and returns its result. */
  call(ops: readonly CpuOp[], call: Call = {}): number {
    const results = this.start(ops, call);
    const outcome = this.finish();
    if (outcome !== 'finished') throw new Error(`expected the run to finish, got ${outcome}`);
    return results[0]!;
  }
}
