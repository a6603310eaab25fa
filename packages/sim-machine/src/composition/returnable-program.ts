import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { Operation } from '../kernel/operation.js';
import { resumeProgram } from '../kernel/thread-program.js';

/** A thread's words were taken back to where its program is not, and now the program is needed. */
export class StaleProgram extends Error {
  override readonly name = 'StaleProgram';
}

const GENERAL_REGISTERS = 16;

/** What a program did when it was resumed. */
interface Resumption {
  readonly registers: Int32Array;
  readonly history: readonly [number, number];
  readonly executed: number;
  readonly isOver: boolean;
}

/** What programs of one machine run with, and what they are known to do. */
export interface ProgramSurroundings {
  readonly registers: Int32Array;
  /** See `ThreadTable.history`. */
  readonly history: Int32Array;
  /** Word 0: instructions that may still be executed before the next decision. */
  readonly budget: Int32Array;
  /** By what a program finds when it is resumed. */
  readonly known: Map<string, Resumption>;
}

/**
 * A thread's program, whose words can be taken back to where it was before.
 *
 * A generator cannot be set back. But what it does when it is resumed follows from what it received
 * so far and what it is given now: where it did that before, its words are set to what they were then.
 */
export class ReturnableProgram {
  readonly #surroundings: ProgramSurroundings;
  readonly #thread: number;
  readonly #program: Operation<unknown>;
  #isOver = false;
  /** How far the program itself has come: operations that it started, and what it received. */
  #operations = 0;
  #low = 0;
  #high = 0;

  constructor(surroundings: ProgramSurroundings, thread: number, program: Operation<unknown>) {
    this.#surroundings = surroundings;
    this.#thread = thread;
    this.#program = program;
    this.#stay();
  }

  /** A program for the thread, to be resumed wherever the thread's words say that it is. */
  *run(): Operation<void> {
    while (!this.#resume()) yield;
  }

  /** @throws StaleProgram where the program itself is needed and is elsewhere */
  #resume(): boolean {
    const { registers, history, budget, known } = this.#surroundings;
    const base = this.#thread * REGISTER_STRIDE;
    const place = this.#place();
    const left = budget[0]!;
    if (this.#isHere()) {
      this.#isOver = resumeProgram(this.#program);
      this.#stay();
      // With a budget it may have accessed memory.
      if (left <= 0)
        known.set(place, {
          registers: registers.slice(base, base + REGISTER_STRIDE),
          history: [this.#low, this.#high],
          executed: left - budget[0]!,
          isOver: this.#isOver,
        });
      return this.#isOver;
    }
    const resumption = left <= 0 ? known.get(place) : undefined;
    if (resumption === undefined) throw new StaleProgram('a program that is elsewhere was resumed');
    const syscall = registers[base + RegisterFile.SyscallNumber]!;
    const inSyscall = registers[base + RegisterFile.InSyscall]!;
    registers.set(resumption.registers, base);
    registers[base + RegisterFile.SyscallNumber] = syscall;
    registers[base + RegisterFile.InSyscall] = inSyscall;
    [history[this.#thread * 2], history[this.#thread * 2 + 1]] = resumption.history;
    budget[0] = left - resumption.executed;
    return resumption.isOver;
  }

  #isHere(): boolean {
    const { registers, history } = this.#surroundings;
    return (
      !this.#isOver &&
      registers[this.#thread * REGISTER_STRIDE + RegisterFile.Operations] === this.#operations &&
      history[this.#thread * 2] === this.#low &&
      history[this.#thread * 2 + 1] === this.#high
    );
  }

  #stay(): void {
    const { registers, history } = this.#surroundings;
    this.#operations = registers[this.#thread * REGISTER_STRIDE + RegisterFile.Operations]!;
    this.#low = history[this.#thread * 2]!;
    this.#high = history[this.#thread * 2 + 1]!;
  }

  /** All that what the program does next can depend on, as text. */
  #place(): string {
    const { registers, history } = this.#surroundings;
    const base = this.#thread * REGISTER_STRIDE;
    const ip = registers[base + RegisterFile.Ip]!;
    let place = `${this.#thread}:${ip}:${registers[base + RegisterFile.Operations]!}`;
    place += `:${history[this.#thread * 2]!}:${history[this.#thread * 2 + 1]!}`;
    // A program reads few of its registers, but leaves the others as they are.
    for (let n = 0; n < GENERAL_REGISTERS; n++) place += `:${registers[base + n]!}`;
    return place;
  }
}
