import { MachineError } from '../base/machine-error.js';
import type { Interpreter } from '../isa/interpreter.js';
import { ExitReason } from '../isa/exit-reason.js';
import type { Routine } from './routine.js';
import { RegisterFile } from './register-file.js';

/** What user mode hands to the kernel when a thread cannot simply go on. */
export interface KernelEntryPort {
  /** The thread executed a system call instruction. False when it no longer runs on this CPU. */
  syscall(thread: number): boolean;
  /** An access of the thread faulted for good or sleeps. False when it no longer runs here. */
  faulted(thread: number): boolean;
  /** The thread met an illegal instruction or a breakpoint. False when it no longer runs here. */
  trapped(thread: number, exit: number): boolean;
  /** The thread's generator ended. False when the thread no longer exists. */
  returned(thread: number): boolean;
}

/** The part of a thread that user mode drives. */
export interface UserThread {
  readonly id: number;
  /** Word offset of its register file. */
  readonly base: number;
  /** Runs its generator up to the next published operation; true when the generator ended. */
  resume(): boolean;
}

/**
 * Executes threads in user mode: sections and operations by interpreter or compiled code, and the
 * generators around them.
 *
 * One thread is in user mode at any moment of host time; which CPU it is on matters to the memory
 * system only, which the caller has told before.
 */
export class UserMode {
  /** Instructions that may still be executed before the next decision; may go below zero. */
  left = 0;
  /** Whether a decision may fall before every instruction, or only before visible ones. */
  stopAnywhere = true;
  /** Told of every routine that a program starts, from inside the program; for recordings. */
  onEnter: ((base: number, routine: Routine) => void) | undefined;
  readonly #registers: Int32Array;
  readonly #interpret: Interpreter;
  readonly #kernel: KernelEntryPort;

  constructor(registers: Int32Array, interpret: Interpreter, kernel: KernelEntryPort) {
    this.#registers = registers;
    this.#interpret = interpret;
    this.#kernel = kernel;
  }

  /**
   * Starts a routine for the thread at `base` and runs it while budget remains.
   *
   * Called by the thread's own generator. True when the routine returned; false when the generator
   * has to yield, and the routine is finished before the generator is resumed.
   *
   * @throws MachineError `ERR_PROGRAM` when the routine before was not finished
   */
  enter(base: number, routine: Routine): boolean {
    if (this.onEnter !== undefined) this.onEnter(base, routine);
    const registers = this.#registers;
    const tlb = registers[base + RegisterFile.Translations]!;
    const left = this.left;
    if (left >= routine.longestPath) {
      this.left = left - routine.run(base, tlb);
    } else {
      if (registers[base + RegisterFile.Exit] !== ExitReason.Return)
        throw misbehaved('a yield after an operation that did not finish', 'another operation');
      if (left >= routine.compileFrom) routine.compile();
      registers[base + RegisterFile.Ip] = routine.address;
      this.left = left - this.#interpret(base, tlb, left, this.stopAnywhere);
    }
    return registers[base + RegisterFile.Exit] === ExitReason.Return;
  }

  /**
   * Runs a thread for up to `budget` instructions and returns how many it executed.
   *
   * Ends early when the thread sleeps, exits or loses the CPU.
   *
   * @throws MachineError `ERR_PROGRAM` when the generator yields without an operation, or ends in the
   *   middle of one
   */
  run(thread: UserThread, budget: number): number {
    const registers = this.#registers;
    const kernel = this.#kernel;
    const base = thread.base;
    const exit = base + RegisterFile.Exit;
    this.left = budget;
    if (registers[exit] !== ExitReason.Return) this.#proceed(base);
    for (;;) {
      switch (registers[exit]) {
        case ExitReason.Return:
          if (!thread.resume()) {
            if (registers[exit] === ExitReason.Return)
              throw misbehaved('a program to yield for an operation', 'a yield without one');
            break;
          }
          if (registers[exit] !== ExitReason.Return)
            throw misbehaved('a yield after an operation that did not finish', 'the end');
          if (!kernel.returned(thread.id)) return budget - this.left;
          if (registers[exit] !== ExitReason.Return) this.#proceed(base);
          break;
        case ExitReason.Budget:
          return budget - this.left;
        case ExitReason.Waiting:
          registers[exit] = ExitReason.Budget;
          this.left = 0;
          return budget;
        case ExitReason.Syscall:
          if (!kernel.syscall(thread.id)) return budget - this.left;
          this.#proceed(base);
          break;
        case ExitReason.Fault:
          if (!kernel.faulted(thread.id)) return budget - this.left;
          this.#proceed(base);
          break;
        default:
          if (!kernel.trapped(thread.id, registers[exit]!)) return budget - this.left;
          this.#proceed(base);
      }
    }
  }

  #proceed(base: number): void {
    this.left -= this.#interpret(
      base,
      this.#registers[base + RegisterFile.Translations]!,
      this.left,
      this.stopAnywhere,
    );
  }
}

function misbehaved(expected: string, got: string): MachineError {
  return new MachineError(
    'ERR_PROGRAM',
    `expected ${expected}, got ${got} (yield* was forgotten?)`,
  );
}
