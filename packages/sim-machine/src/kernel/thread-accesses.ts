import type { RegisterDependencies } from '../cpu/register-dependencies.js';
import type { Routine } from '../cpu/routine.js';
import type { AccessRoutines } from './access-routines.js';
import type { Operation } from './operation.js';

/**
 * The single operations on memory that a thread's program can ask for, each a routine.
 *
 * All are called with `yield*` by the thread itself and by nobody else.
 */
export abstract class ThreadAccesses {
  /** Word offset of the thread's register file. */
  abstract readonly base: number;
  /** r0 after a routine returned, as a signed 32-bit integer. */
  abstract readonly result: number;
  /** The routines of single operations. @internal */
  protected readonly access: AccessRoutines;
  readonly #dependencies: RegisterDependencies | undefined;

  /** @param dependencies of registers, where the memory model asks for them */
  constructor(access: AccessRoutines, dependencies: RegisterDependencies | undefined) {
    this.access = access;
    this.#dependencies = dependencies;
  }

  /** Starts a routine; see {@link Thread.exec}. */
  abstract exec(routine: Routine, a1?: number, a2?: number, a3?: number, a4?: number): boolean;

  /** Calls a routine and returns r0. */
  *call(routine: Routine, a1 = 0, a2 = 0, a3 = 0, a4 = 0): Operation<number> {
    if (!this.exec(routine, a1, a2, a3, a4)) yield;
    return this.result;
  }

  /** Starts {@link load} as {@link Thread.exec} does: the value is `result` then. */
  startLoad(address: number): boolean {
    return this.exec(this.access.load32, address);
  }

  /** Loads a 32-bit word, as a signed integer. */
  *load(address: number): Operation<number> {
    if (!this.exec(this.access.load32, address)) yield;
    return this.result;
  }

  /** Loads a byte, 0 to 255. */
  *load8(address: number): Operation<number> {
    if (!this.exec(this.access.load8, address)) yield;
    return this.result;
  }

  /** Loads 16 bits, 0 to 65535. */
  *load16(address: number): Operation<number> {
    if (!this.exec(this.access.load16, address)) yield;
    return this.result;
  }

  /** Loads a 32-bit word with acquire ordering (smp_load_acquire). */
  *loadAcquire(address: number): Operation<number> {
    if (!this.exec(this.access.loadAcquire, address)) yield;
    return this.result;
  }

  /**
   * Loads a 32-bit word that is a pointer (rcu_dereference): what is loaded through it, by
   * {@link loadDependent} or another dereference, is not older than the pointer.
   */
  *dereference(address: number): Operation<number> {
    if (!this.exec(this.access.loadDependent, address)) yield;
    this.#dependencies?.keep(this.base);
    return this.result;
  }

  /**
   * Loads a 32-bit word at an address that was computed from what {@link dereference} returned.
   *
   * The machine cannot see where the address of any other load comes from: under the `weak` model a
   * plain {@link load} may find what was there before the pointer was published.
   */
  *loadDependent(address: number): Operation<number> {
    if (!this.exec(this.access.loadDependent, address)) yield;
    return this.result;
  }

  /** Stores a 32-bit word. */
  *store(address: number, value: number): Operation<void> {
    if (!this.exec(this.access.store32, address, value)) yield;
  }

  /** Stores a byte. */
  *store8(address: number, value: number): Operation<void> {
    if (!this.exec(this.access.store8, address, value)) yield;
  }

  /** Stores 16 bits. */
  *store16(address: number, value: number): Operation<void> {
    if (!this.exec(this.access.store16, address, value)) yield;
  }

  /** Stores a 32-bit word with release ordering (smp_store_release). */
  *storeRelease(address: number, value: number): Operation<void> {
    if (!this.exec(this.access.storeRelease, address, value)) yield;
  }

  /** Atomic compare and exchange of a 32-bit word; returns the old value. Full fence. */
  *compareExchange(address: number, expected: number, desired: number): Operation<number> {
    if (!this.exec(this.access.compareExchange, address, expected, desired)) yield;
    return this.result;
  }

  /** Atomic exchange of a 32-bit word; returns the old value. Full fence. */
  *exchange(address: number, value: number): Operation<number> {
    if (!this.exec(this.access.exchange, address, value)) yield;
    return this.result;
  }

  /** Atomic add to a 32-bit word; returns the old value. Full fence. */
  *fetchAdd(address: number, value: number): Operation<number> {
    if (!this.exec(this.access.fetchAdd, address, value)) yield;
    return this.result;
  }

  /** Atomic and; returns the old value. Full fence. */
  *fetchAnd(address: number, value: number): Operation<number> {
    if (!this.exec(this.access.fetchAnd, address, value)) yield;
    return this.result;
  }

  /** Atomic or; returns the old value. Full fence. */
  *fetchOr(address: number, value: number): Operation<number> {
    if (!this.exec(this.access.fetchOr, address, value)) yield;
    return this.result;
  }

  /** Full memory fence (smp_mb). */
  *fence(): Operation<void> {
    if (!this.exec(this.access.fence)) yield;
  }

  /** Keeps earlier loads before later accesses (smp_rmb). */
  *readFence(): Operation<void> {
    if (!this.exec(this.access.readFence)) yield;
  }

  /** Keeps earlier stores before later stores (smp_wmb). */
  *writeFence(): Operation<void> {
    if (!this.exec(this.access.writeFence)) yield;
  }

  /**
   * Waits until the 32-bit word equals `value`; an acquire load. The thread keeps its CPU, as in a
   * spin loop, but nothing spins: where it cannot go on, a search does not try.
   */
  *waitUntilEqual(address: number, value: number): Operation<void> {
    if (!this.exec(this.access.waitUntilEqual, address, value)) yield;
  }

  /** Waits like {@link waitUntilEqual} until the word differs from `value`; returns what it is. */
  *waitUntilNotEqual(address: number, value: number): Operation<number> {
    if (!this.exec(this.access.waitUntilNotEqual, address, value)) yield;
    return this.result;
  }

  /** The CPU's clock, low 32 bits of its cycle count. */
  *readClock(): Operation<number> {
    if (!this.exec(this.access.readClock)) yield;
    return this.result;
  }
}
