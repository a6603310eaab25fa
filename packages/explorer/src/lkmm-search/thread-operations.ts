import { REGISTER_STRIDE, RegisterFile, textAt } from '@rseqlab/sim-machine';
import type { InstalledProgram, Machine } from '@rseqlab/sim-machine';
import type { VisibleOperation } from '../litmus-search/visible-operation.js';
import { operationsOf } from '../litmus-search/visible-operation.js';

interface KnownProgram {
  readonly operations: Uint8Array;
  /** By word: the register that holds the address of its access. */
  readonly bases: Uint8Array;
}

/** Tells what threads are about to do, by the instruction that each is at. */
export class ThreadOperations {
  readonly #registers: Int32Array;
  readonly #known = new Map<InstalledProgram, KnownProgram>();
  #installed: readonly InstalledProgram[] = [];

  constructor(machine: Machine) {
    this.#registers = machine.threads.registers;
  }

  /** Says which programs threads may be in. */
  load(programs: readonly InstalledProgram[]): void {
    this.#installed = programs;
  }

  /** What a thread does next; undefined when it is in no program. */
  operationOf(thread: number): VisibleOperation | undefined {
    return this.#find(thread, ({ operations }, index) => operations[index] as VisibleOperation);
  }

  /** The address of a thread's next access, if that is one. */
  addressOf(thread: number): number {
    const base = this.#find(thread, ({ bases }, index) => bases[index]!) ?? 0;
    return this.#registers[thread * REGISTER_STRIDE + base]!;
  }

  #find<Result>(
    thread: number,
    look: (known: KnownProgram, index: number) => Result,
  ): Result | undefined {
    const ip = this.#registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    for (const program of this.#installed) {
      const index = (ip - program.address) >> 2;
      if (index >= 0 && index < program.program.words.length)
        return look(this.#knownOf(program), index);
    }
    return undefined;
  }

  #knownOf(installed: InstalledProgram): KnownProgram {
    let known = this.#known.get(installed);
    if (known === undefined) {
      const { program } = installed;
      const bases = Uint8Array.from(program.words, (_, index) =>
        Number(/\[r(\d+)\]/.exec(textAt(program, index * 4))?.[1] ?? 0),
      );
      known = { operations: operationsOf(program), bases };
      this.#known.set(installed, known);
    }
    return known;
  }
}
