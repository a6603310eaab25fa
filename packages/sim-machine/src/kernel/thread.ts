import type { ThreadId } from '../base/brand.js';
import { MachineError } from '../base/machine-error.js';
import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { Glance } from '../cpu/glance.js';
import type { WatchedWord } from '../cpu/watched-word.js';
import type { Routine } from '../cpu/routine.js';
import type { RoutineChain } from '../cpu/routine-chain.js';
import type { RegisterDependencies } from '../cpu/register-dependencies.js';
import type { UserMode } from '../cpu/user-mode.js';
import type { AccessRoutines } from './access-routines.js';
import type { Operation } from './operation.js';
import type { OwningProcess } from './owning-process.js';
import { ThreadAccesses } from './thread-accesses.js';
import { dropOwnPrototype, programOf, resumeProgram } from './thread-program.js';

/**
 * The program of a thread: a generator function, which gets the thread and what it was started with.
 *
 * One that is made once, and not by every setup, starts sooner: V8 notes the shape of its generators with each closure.
 */
export type ThreadBody<Args extends readonly unknown[] = readonly []> = (
  thread: Thread,
  ...args: Args
) => Operation<unknown>;

/** A program that is given along with what it is to get. */
export type StartedBody = ThreadBody<readonly unknown[]>;

/** What programs get that are started with nothing. */
export const NO_ARGS: readonly unknown[] = [];

/** What threads ask of the installed programs. */
export interface ProgramView {
  /** Registers that can still matter at an address, as a bit mask. */
  liveAt(ip: number): number;
}

/** What the machine makes a thread from. */
export interface ThreadParts {
  /** The register file of all threads. */
  readonly registers: Int32Array;
  /** What each thread's program has received, as a hash of two words. */
  readonly history: Int32Array;
  readonly userMode: UserMode;
  readonly glance: Glance;
  readonly access: AccessRoutines;
  readonly programs: ProgramView;
  /** What the values of registers depend on, where the memory model asks for it. */
  readonly dependencies: RegisterDependencies | undefined;
}

const HISTORY_LOW_PRIME = 0x85ebca6b;
const HISTORY_HIGH_PRIME = 0xc2b2ae35;

/**
 * A simulated thread, as its own program sees it.
 *
 * All methods that yield an {@link Operation} are called with `yield*` by the thread itself and by
 * nobody else. Every result a program receives goes through here, since a thread's local state has
 * to be a function of the values it received: thread code must be deterministic and must share no
 * JavaScript state with other threads.
 */
export class Thread extends ThreadAccesses {
  /** Slot in the machine's thread table. */
  readonly id: ThreadId;
  /** Word offset of the thread's register file. */
  readonly base: number;
  readonly #registers: Int32Array;
  readonly #userMode: UserMode;
  readonly #glance: Glance;
  readonly #isZero: Glance['isZero'];
  readonly #history: Int32Array;
  readonly #programs: ProgramView;
  #process: OwningProcess | undefined;
  #name: string | undefined;
  #body: StartedBody | undefined;
  /** Whether the body can return nothing but a generator. */
  #isGeneratorFunction = false;
  /** The innermost program; undefined before the thread begins and after it ended. */
  #program: Operation<unknown> | undefined;
  /** Programs that signal handlers interrupted, innermost last. */
  readonly #interrupted: Operation<unknown>[] = [];

  /** Made by the machine. @internal */
  constructor(id: ThreadId, parts: ThreadParts) {
    super(parts.access, parts.dependencies);
    this.id = id;
    this.base = id * REGISTER_STRIDE;
    this.#registers = parts.registers;
    this.#history = parts.history;
    this.#userMode = parts.userMode;
    this.#glance = parts.glance;
    this.#isZero = parts.glance.isZero;
    this.#programs = parts.programs;
  }

  /** Name for reports; `lab.spawn(function* increment...)` makes it `increment`. */
  get name(): string {
    return this.#name ?? this.#body?.name ?? '';
  }

  /** The process the thread belongs to. */
  get process(): OwningProcess {
    if (this.#process === undefined)
      throw new MachineError(
        'ERR_STATE',
        `expected a thread that was started, got the unused slot ${this.id}`,
      );
    return this.#process;
  }

  /** Value of r14: the thread's own block of memory, where the C library keeps its rseq area. */
  get threadPointer(): number {
    return this.#registers[this.base + RegisterFile.ThreadPointer]! >>> 0;
  }

  /** Value of r15; user code may use the 128 bytes below it, which signal frames leave alone. */
  get stackPointer(): number {
    return this.#registers[this.base + RegisterFile.StackPointer]! >>> 0;
  }

  /** Gives the slot to a new thread; the kernel calls it at clone, fork and exec. @internal */
  begin(
    process: OwningProcess,
    body: StartedBody,
    name: string | undefined,
    args: readonly unknown[],
  ): void {
    this.#glance.begun();
    this.#process = process;
    this.#name = name;
    if (body !== this.#body) this.#isGeneratorFunction = dropOwnPrototype(body);
    this.#body = body;
    this.end();
    const returned = args.length === 0 ? body(this) : body(this, ...args);
    this.#program = this.#isGeneratorFunction ? returned : programOf(this, returned);
  }

  /** Lets a program of its own run on top of the interrupted one: a signal handler. @internal */
  pushFrame(frame: Operation<unknown>): void {
    if (this.#program !== undefined) this.#interrupted.push(this.#program);
    this.#program = frame;
  }

  /** Drops the innermost program; the kernel calls it at sigreturn. @internal */
  popFrame(): void {
    this.#program = this.#interrupted.pop();
  }

  /** Puts another program, or none, in the place of the innermost one, and returns that. @internal */
  replaceProgram(program: Operation<unknown> | undefined): Operation<unknown> | undefined {
    const replaced = this.#program;
    this.#program = program;
    return replaced;
  }

  /** How many programs are stacked: one, and one more for every signal handler that runs. */
  get frameCount(): number {
    return this.#program === undefined ? 0 : this.#interrupted.length + 1;
  }

  /** Forgets the program; the kernel calls it at exit. @internal */
  end(): void {
    this.#program = undefined;
    if (this.#interrupted.length > 0) this.#interrupted.length = 0;
  }

  /** Runs the innermost program to its next operation; true when it ended. @internal */
  resume(): boolean {
    return resumeProgram(this.#program!);
  }

  /**
   * Starts `routine` with r1 to r4 and runs it while budget remains.
   *
   * The fast way for library code: `if (!t.exec(routine, a)) yield; return t.result;`. True when the
   * routine returned; after false the generator must yield once, and finds it returned then.
   */
  exec(routine: Routine, a1 = 0, a2 = 0, a3 = 0, a4 = 0): boolean {
    return this.#userMode.enter(this.base, routine, a1, a2, a3, a4);
  }

  /**
   * Calls the routines of a chain one behind the other, where budget is left for all of them: nothing can come in between.
   *
   * @returns how many calls are done: all; or fewer, and the next one has returned without meeting its condition, or
   *   was ended one by one; `~n` where call n was started and the generator must yield once, as for {@link exec};
   *   {@link NOT_FOLLOWED} where nothing was done
   */
  follow(chain: RoutineChain): number {
    return this.#userMode.follow(this.base, chain);
  }

  /**
   * Loads a 32-bit word as {@link load} does, where that takes no operation: budget is left, and nobody watches accesses
   * or tells states apart. Nothing was done where it returns undefined.
   *
   * For words that hot paths look at: `const value = t.loadNow(word) ?? (yield* t.load(word.address));`
   */
  loadNow(word: WatchedWord): number | undefined {
    return this.#glance.load(this.base, word);
  }

  /**
   * Whether a word is 0, as {@link loadNow} finds it: false where it is another, or cannot be told now, as when this
   * thread asks for the first time. Nothing was done where it returns false.
   */
  isZeroNow(word: WatchedWord): boolean {
    return this.#isZero(this.base, word);
  }

  /** Sets r5 and r6 for the routine that {@link exec} starts next. */
  pass(a5: number, a6: number): void {
    const registers = this.#registers;
    const base = this.base;
    registers[base | 5] = a5 | 0;
    registers[base | 6] = a6 | 0;
  }

  /** r0 after a routine returned, as a signed 32-bit integer. */
  get result(): number {
    const value = this.#registers[this.base]!;
    this.receive(value);
    return value;
  }

  /**
   * Register `n`, 0 to 15, as the last routine left it, as a signed 32-bit integer.
   *
   * For routines that return more than r0; valid until the thread's next operation, its exit included.
   *
   * @throws MachineError `ERR_PROGRAM` in a search, when the routine's program does not return the
   *   register, see {@link ProgramBuilder.returns}: the search would miss executions
   */
  register(n: number): number {
    const live = this.#programs.liveAt(this.#registers[this.base + RegisterFile.Ip]!);
    if (((live >>> n) & 1) === 0)
      throw new MachineError(
        'ERR_PROGRAM',
        `expected a register that the program returns, got r${n}: declare it with returns()`,
      );
    const value = this.#registers[this.base + n]!;
    this.receive(value);
    return value;
  }

  /** Notes a value that reaches the program, also by what a handler is told. @internal */
  receive(value: number): void {
    const history = this.#history;
    const lane = this.id * 2;
    history[lane] = Math.imul(history[lane]! ^ value, HISTORY_LOW_PRIME) + 1;
    history[lane + 1] = Math.imul((history[lane + 1]! ^ value) + 1, HISTORY_HIGH_PRIME);
  }

  /** A system call; the result is what Linux returns: a negative errno on failure. */
  *syscall(number: number, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0): Operation<number> {
    this.#registers[this.base] = number;
    this.pass(a5, a6);
    if (!this.exec(this.access.syscall, a1, a2, a3, a4)) yield;
    return this.result;
  }
}
