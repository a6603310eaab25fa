import { MachineError } from '../base/machine-error.js';
import { steadyWords } from '../base/steady-array.js';
import type { Interpreter } from '../isa/interpreter.js';
import { ExitReason } from '../isa/exit-reason.js';
import type { Routine } from './routine.js';
import type { RoutineChain } from './routine-chain.js';
import type { StepTable } from './step-table.js';
import { RegisterFile } from './register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';

/** What following a chain returns where nothing was done: no chain is so long. */
export const NOT_FOLLOWED = 0x7fff;

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
export interface UserMode {
  /** Word 0: instructions that may still be executed before the next decision; may go below zero. */
  readonly budget: Int32Array;
  /** Whether a decision may fall before every instruction, or only before visible ones. */
  stopAnywhere: boolean;
  /** Whether programs may follow chains: not where it is noted what each operation returns. */
  followsChains: boolean;
  /** Told of every routine that a program starts, from inside the program; for recordings. */
  onEnter: ((base: number, routine: Routine) => void) | undefined;
  /**
   * Starts a routine with r1 to r4 for the thread at `base` and runs it while budget remains.
   *
   * Called by the thread's own generator. True when the routine returned; false when the generator
   * has to yield, and the routine is finished before the generator is resumed.
   *
   * @throws MachineError `ERR_PROGRAM` when the routine before was not finished
   */
  readonly enter: (
    base: number,
    routine: Routine,
    a1: number,
    a2: number,
    a3: number,
    a4: number,
  ) => boolean;
  /**
   * Calls the routines of a chain for the thread at `base`, where budget is left for all of them.
   *
   * Called by the thread's own generator. See {@link Thread.follow} for what it returns.
   */
  readonly follow: (base: number, chain: RoutineChain) => number;
  /**
   * Runs a thread for up to `given` instructions and returns how many it executed.
   *
   * Ends early when the thread sleeps, exits or loses the CPU.
   *
   * @throws MachineError `ERR_PROGRAM` when the generator yields without an operation, or ends in the
   *   middle of one
   */
  readonly run: (thread: number, given: number) => number;
}

/**
 * Makes the user mode of a machine; see `createRunLoop` for why it captures what it refers to.
 *
 * @param threads the thread objects, by slot
 * @param steps what is compiled for small budgets
 */
export function createUserMode(
  registers: Int32Array,
  threads: readonly UserThread[],
  interpret: Interpreter,
  steps: StepTable,
  kernel: KernelEntryPort,
): UserMode {
  const budget = steadyWords(1);
  const { textBase, functions } = steps;

  function enter(
    base: number,
    routine: Routine,
    a1: number,
    a2: number,
    a3: number,
    a4: number,
  ): boolean {
    registers[base | RegisterFile.Operations]! += 1;
    // Stores truncate anyway; said like this, V8 does it without a detour by floating point.
    registers[base | 1] = a1 | 0;
    registers[base | 2] = a2 | 0;
    registers[base | 3] = a3 | 0;
    registers[base | 4] = a4 | 0;
    if (userMode.onEnter !== undefined) userMode.onEnter(base, routine);
    const tlb = registers[base | RegisterFile.Translations]!;
    const left = budget[0]!;
    if (left >= routine.longestPath) {
      let executed = routine.run(base, tlb);
      // Rare ways that compiled code does not follow. Until both are done the clock stands, as in one piece.
      if (registers[base | RegisterFile.Exit] === ExitReason.Budget)
        executed += interpret(base, tlb, left - executed, userMode.stopAnywhere);
      budget[0] = (left - executed) | 0;
    } else {
      if (registers[base | RegisterFile.Exit] !== ExitReason.Return)
        throw misbehaved('a yield after an operation that did not finish', 'another operation');
      if (left >= routine.compileFrom) routine.compile();
      if (routine.startsToSteps > 0 && --routine.startsToSteps === 0) routine.compileSteps();
      registers[base | RegisterFile.Ip] = routine.address;
      proceed(base);
    }
    return registers[base | RegisterFile.Exit] === ExitReason.Return;
  }

  function follow(base: number, chain: RoutineChain): number {
    if (!userMode.followsChains || userMode.onEnter !== undefined) return NOT_FOLLOWED;
    if (budget[0]! < chain.longestPath) {
      chain.missed(budget);
      return NOT_FOLLOWED;
    }
    const tlb = registers[base | RegisterFile.Translations]!;
    const done = chain.run(base, tlb);
    return done === chain.calls.length ? done : stopped(base, tlb, chain, done);
  }

  /** Ends the call of a chain that is not done as `enter` does. */
  function stopped(base: number, tlb: number, chain: RoutineChain, done: number): number {
    let executed = chain.rest[0]!;
    const left = budget[0]!;
    if (registers[base | RegisterFile.Exit] === ExitReason.Budget)
      executed += interpret(base, tlb, left - executed, userMode.stopAnywhere);
    budget[0] = (left - executed) | 0;
    return registers[base | RegisterFile.Exit] === ExitReason.Return ? done : ~done;
  }

  function run(thread: number, given: number): number {
    const base = thread * REGISTER_STRIDE;
    budget[0] = given | 0;
    if (registers[base | RegisterFile.Exit] !== ExitReason.Return) {
      proceed(base);
      if (registers[base | RegisterFile.Exit] === ExitReason.Budget) return given - budget[0];
    }
    return goOn(threads[thread]!, given);
  }

  /** Looks at a thread that stopped for another reason than its budget, and runs it on. */
  function goOn(thread: UserThread, given: number): number {
    const { id, base } = thread;
    const exit = base | RegisterFile.Exit;
    for (;;) {
      switch (registers[exit]) {
        case ExitReason.Return:
          if (!thread.resume()) {
            if (registers[exit] === ExitReason.Return) throw yieldedEarly();
            break;
          }
          if (registers[exit] !== ExitReason.Return) throw endedEarly();
          if (!kernel.returned(id)) return given - budget[0]!;
          if (registers[exit] !== ExitReason.Return) proceed(base);
          break;
        case ExitReason.Budget:
          return given - budget[0]!;
        case ExitReason.Waiting:
          registers[exit] = ExitReason.Budget;
          budget[0] = 0;
          return given;
        case ExitReason.Syscall:
          if (!kernel.syscall(id)) return given - budget[0]!;
          proceed(base);
          break;
        default:
          if (!goesOnAfter(id, registers[exit]!)) return given - budget[0]!;
          proceed(base);
      }
    }
  }

  /** What few threads meet, apart from the loop: V8 counts its size there. */
  function goesOnAfter(thread: number, exit: number): boolean {
    return exit === ExitReason.Fault ? kernel.faulted(thread) : kernel.trapped(thread, exit);
  }

  /** Runs the thread at `base` on from its ip. */
  function proceed(base: number): void {
    const left = budget[0]!;
    const { stopAnywhere } = userMode;
    const tlb = registers[base | RegisterFile.Translations]!;
    let rest = left;
    if (!stopAnywhere) {
      // The number of the word; beyond all words for an address that is no multiple of 4.
      const offset = (registers[base | RegisterFile.Ip]! - textBase) | 0;
      const word = ((offset >>> 2) | (offset << 30)) >>> 0;
      const run = word < functions.length ? functions[word] : undefined;
      if (run !== undefined) {
        const executed = run(base, tlb, left);
        if (executed >= 0) {
          budget[0] = (left - executed) | 0;
          return;
        }
        // Until both are done the clock stands, as in one piece.
        rest = left - ~executed;
      } else if (word === steps.syscallWord) {
        callSystem(base, left);
        return;
      }
    }
    budget[0] = (rest - interpret(base, tlb, rest, stopAnywhere)) | 0;
  }

  /** Executes a `syscall` instruction, as the interpreter does that comes to nothing else. */
  function callSystem(base: number, left: number): void {
    if (left <= 0) {
      registers[base | RegisterFile.Exit] = ExitReason.Budget;
      return;
    }
    registers[base | RegisterFile.Ip]! += 4;
    registers[base | RegisterFile.Exit] = ExitReason.Syscall;
    budget[0] = (left - 1) | 0;
  }

  const userMode: UserMode = {
    budget,
    stopAnywhere: true,
    followsChains: true,
    onEnter: undefined,
    enter,
    follow,
    run,
  };
  return userMode;
}

function yieldedEarly(): MachineError {
  return misbehaved('a program to yield for an operation', 'a yield without one');
}

function endedEarly(): MachineError {
  return misbehaved('a yield after an operation that did not finish', 'the end');
}

function misbehaved(expected: string, got: string): MachineError {
  return new MachineError(
    'ERR_PROGRAM',
    `expected ${expected}, got ${got} (yield* was forgotten?)`,
  );
}
