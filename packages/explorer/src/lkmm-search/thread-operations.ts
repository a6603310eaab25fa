import {
  REGISTER_STRIDE,
  RegisterFile,
  SyscallNumber,
  createPendingOperation,
  textAt,
} from '@rseqlab/sim-machine';
import type { InstalledProgram, Machine } from '@rseqlab/sim-machine';
import type { VisibleOperation } from '../litmus-search/visible-operation.js';
import { operationsOf } from '../litmus-search/visible-operation.js';

interface KnownProgram {
  readonly operations: Uint8Array;
  /** By word: the register that holds the address of its access, or {@link ELSEWHERE}. */
  readonly bases: Uint8Array;
}

/** Stands for an access that is not simply to what a register points to: to no location of a test. */
const ELSEWHERE = 0xff;

/** Tells what threads are about to do, by the instruction that each is at. */
export class ThreadOperations {
  readonly #machine: Machine;
  readonly #pending = createPendingOperation();
  readonly #registers: Int32Array;
  readonly #known = new Map<InstalledProgram, KnownProgram>();
  #installed: readonly InstalledProgram[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
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

  /** Whether the system call that a thread is at has all buffers drained, and does nothing else. */
  isBarrier(thread: number): boolean {
    const { value } = this.#machine.ahead.operation(thread, this.#pending);
    return value === SyscallNumber.membarrier;
  }

  /** The address of a thread's next access, if that is one; 0 of one that is to no location. */
  addressOf(thread: number): number {
    const base = this.#find(thread, ({ bases }, index) => bases[index]!) ?? ELSEWHERE;
    if (base === ELSEWHERE) return 0;
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
        Number(/\[r(\d+)\]/.exec(textAt(program, index * 4))?.[1] ?? ELSEWHERE),
      );
      known = { operations: operationsOf(program), bases };
      this.#known.set(installed, known);
    }
    return known;
  }
}
