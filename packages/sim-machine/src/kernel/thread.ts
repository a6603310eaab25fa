import type { ThreadId } from '../base/brand.js';
import { MachineError } from '../base/machine-error.js';
import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { Routine } from '../cpu/routine.js';
import type { UserMode } from '../cpu/user-mode.js';
import type { AccessRoutines } from './access-routines.js';
import type { Operation } from './operation.js';
import type { OwningProcess } from './owning-process.js';
import { programOf, resumeProgram } from './thread-program.js';

/** The program of a thread. */
export type ThreadBody = (thread: Thread) => Operation<unknown>;

/** What threads ask of the installed programs. */
export interface ProgramView {
  /** Registers that can still matter at an address, as a bit mask. */
  liveAt(ip: number): number;
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
export class Thread {
  /** Slot in the machine's thread table. */
  readonly id: ThreadId;
  /** Word offset of the thread's register file. */
  readonly base: number;
  readonly #registers: Int32Array;
  readonly #userMode: UserMode;
  readonly #access: AccessRoutines;
  readonly #history: Int32Array;
  readonly #programs: ProgramView;
  #process: OwningProcess | undefined;
  #name: string | undefined;
  #body: ThreadBody | undefined;
  /** The innermost program; undefined before the thread begins and after it ended. */
  #program: Operation<unknown> | undefined;
  /** Programs that signal handlers interrupted, innermost last. */
  readonly #interrupted: Operation<unknown>[] = [];

  /** Made by the machine. @internal */
  constructor(
    id: ThreadId,
    registers: Int32Array,
    history: Int32Array,
    userMode: UserMode,
    access: AccessRoutines,
    programs: ProgramView,
  ) {
    this.id = id;
    this.base = id * REGISTER_STRIDE;
    this.#registers = registers;
    this.#history = history;
    this.#userMode = userMode;
    this.#access = access;
    this.#programs = programs;
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
  begin(process: OwningProcess, body: ThreadBody, name: string | undefined): void {
    this.#process = process;
    this.#name = name;
    this.#body = body;
    this.end();
    this.#program = programOf(this, body(this));
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

  /** Calls a routine and returns r0. */
  *call(routine: Routine, a1 = 0, a2 = 0, a3 = 0, a4 = 0): Operation<number> {
    if (!this.exec(routine, a1, a2, a3, a4)) yield;
    return this.result;
  }

  /** Loads a 32-bit word, as a signed integer. */
  *load(address: number): Operation<number> {
    if (!this.exec(this.#access.load32, address)) yield;
    return this.result;
  }

  /** Loads a byte, 0 to 255. */
  *load8(address: number): Operation<number> {
    if (!this.exec(this.#access.load8, address)) yield;
    return this.result;
  }

  /** Loads 16 bits, 0 to 65535. */
  *load16(address: number): Operation<number> {
    if (!this.exec(this.#access.load16, address)) yield;
    return this.result;
  }

  /** Loads a 32-bit word with acquire ordering (smp_load_acquire). */
  *loadAcquire(address: number): Operation<number> {
    if (!this.exec(this.#access.loadAcquire, address)) yield;
    return this.result;
  }

  /** Stores a 32-bit word. */
  *store(address: number, value: number): Operation<void> {
    if (!this.exec(this.#access.store32, address, value)) yield;
  }

  /** Stores a byte. */
  *store8(address: number, value: number): Operation<void> {
    if (!this.exec(this.#access.store8, address, value)) yield;
  }

  /** Stores 16 bits. */
  *store16(address: number, value: number): Operation<void> {
    if (!this.exec(this.#access.store16, address, value)) yield;
  }

  /** Stores a 32-bit word with release ordering (smp_store_release). */
  *storeRelease(address: number, value: number): Operation<void> {
    if (!this.exec(this.#access.storeRelease, address, value)) yield;
  }

  /** Atomic compare and exchange of a 32-bit word; returns the old value. Full fence. */
  *compareExchange(address: number, expected: number, desired: number): Operation<number> {
    if (!this.exec(this.#access.compareExchange, address, expected, desired)) yield;
    return this.result;
  }

  /** Atomic exchange of a 32-bit word; returns the old value. Full fence. */
  *exchange(address: number, value: number): Operation<number> {
    if (!this.exec(this.#access.exchange, address, value)) yield;
    return this.result;
  }

  /** Atomic add to a 32-bit word; returns the old value. Full fence. */
  *fetchAdd(address: number, value: number): Operation<number> {
    if (!this.exec(this.#access.fetchAdd, address, value)) yield;
    return this.result;
  }

  /** Atomic and; returns the old value. Full fence. */
  *fetchAnd(address: number, value: number): Operation<number> {
    if (!this.exec(this.#access.fetchAnd, address, value)) yield;
    return this.result;
  }

  /** Atomic or; returns the old value. Full fence. */
  *fetchOr(address: number, value: number): Operation<number> {
    if (!this.exec(this.#access.fetchOr, address, value)) yield;
    return this.result;
  }

  /** Full memory fence (smp_mb). */
  *fence(): Operation<void> {
    if (!this.exec(this.#access.fence)) yield;
  }

  /**
   * Waits until the 32-bit word equals `value`; an acquire load. The thread keeps its CPU, as in a
   * spin loop, but nothing spins: where it cannot go on, a search does not try.
   */
  *waitUntilEqual(address: number, value: number): Operation<void> {
    if (!this.exec(this.#access.waitUntilEqual, address, value)) yield;
  }

  /** Waits like {@link waitUntilEqual} until the word differs from `value`; returns what it is. */
  *waitUntilNotEqual(address: number, value: number): Operation<number> {
    if (!this.exec(this.#access.waitUntilNotEqual, address, value)) yield;
    return this.result;
  }

  /** The CPU's clock, low 32 bits of its cycle count. */
  *readClock(): Operation<number> {
    if (!this.exec(this.#access.readClock)) yield;
    return this.result;
  }

  /** A system call; the result is what Linux returns: a negative errno on failure. */
  *syscall(number: number, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0): Operation<number> {
    this.#registers[this.base] = number;
    this.pass(a5, a6);
    if (!this.exec(this.#access.syscall, a1, a2, a3, a4)) yield;
    return this.result;
  }
}
