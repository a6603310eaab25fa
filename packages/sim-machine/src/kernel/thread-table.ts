import type { StateArena } from '../base/state-arena.js';
import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import { ThreadState } from './thread-state.js';
import { WaitKind } from './wait-kind.js';

/** Registers that the arena resets with its other columns: a copy of so few takes less time than a call. */
const MOST_WORDS_OF_ARENA = 16 * REGISTER_STRIDE;

/**
 * What the kernel knows of every thread, one column a fact, indexed by thread id.
 *
 * Invariant: a thread is current on at most one CPU, and `cpu` names that CPU or the one it is
 * queued on, or (asleep) last ran on.
 */
export class ThreadTable {
  /** How many threads the machine can hold at once; clone fails with -EAGAIN beyond it. */
  readonly capacity: number;
  /**
   * Register files, 32 words a thread.
   *
   * Invariant: 0 from slot {@link highWater} on. r0 to r15 of an exited thread stay until its slot, or the
   * machine, is used again.
   */
  readonly registers: Int32Array;
  /** A {@link ThreadState}. */
  readonly state: Int32Array;
  /** The CPU the thread is on, is queued on, or last ran on. */
  readonly cpu: Int32Array;
  /** The process the thread belongs to. */
  readonly process: Int32Array;
  /** {@link ExitWork} bits: what to do before the thread is next in user mode. */
  readonly exitWork: Int32Array;
  /** Why the thread sleeps: a {@link WaitKind}. */
  readonly waitKind: Int32Array;
  /** What it sleeps on: a futex key, a timer, a child; meaning given by the kind. */
  readonly waitKey: Int32Array;
  /** Signals 1 to 32 pending for this thread alone. */
  readonly pendingLow: Int32Array;
  /** Signals 33 to 64 pending for this thread alone. */
  readonly pendingHigh: Int32Array;
  /** Signals 1 to 32 that the thread blocks. */
  readonly blockedLow: Int32Array;
  /** Signals 33 to 64 that the thread blocks. */
  readonly blockedHigh: Int32Array;
  /** Affinity masks, {@link affinityWords} words a thread. */
  readonly affinity: Int32Array;
  /** Words of one affinity mask. */
  readonly affinityWords: number;
  /** The thread's id as user space sees it. */
  readonly tid: Int32Array;
  /** Exit status, valid for a zombie. */
  readonly exitStatus: Int32Array;
  /** Two lanes a thread: a hash of every value its generator has received. */
  readonly history: Int32Array;
  /** Slots in use are below this. */
  highWater = 0;
  /** No slot below this is free. */
  lowestFree = 0;
  /** Whether there are so many registers that only those are reset that were used. */
  readonly #isApart: boolean;

  constructor(arena: StateArena, capacity: number, cpuCapacity: number) {
    const column = (name: string, initial = 0): Int32Array =>
      arena.threadColumn(`thread.${name}`, capacity, 'semantic', initial);
    this.capacity = capacity;
    const words = capacity * REGISTER_STRIDE;
    this.#isApart = words > MOST_WORDS_OF_ARENA;
    this.registers = this.#isApart
      ? arena.columnApart('thread.registers', words)
      : arena.column('thread.registers', words, 'accounting');
    this.state = column('state');
    this.cpu = column('cpu', -1);
    this.process = column('process', -1);
    this.exitWork = column('exitWork');
    this.waitKind = column('waitKind');
    this.waitKey = column('waitKey');
    this.pendingLow = column('pendingLow');
    this.pendingHigh = column('pendingHigh');
    this.blockedLow = column('blockedLow');
    this.blockedHigh = column('blockedHigh');
    this.affinityWords = Math.ceil(cpuCapacity / 32);
    this.affinity = arena.threadColumn(
      'thread.affinity',
      capacity,
      'semantic',
      -1,
      this.affinityWords,
    );
    this.tid = column('tid');
    this.exitStatus = column('exitStatus');
    this.history = arena.column('thread.history', capacity * 2, 'semantic');
  }

  /** Whether the thread's affinity mask allows the CPU. */
  allows(thread: number, cpu: number): boolean {
    return ((this.affinity[thread * this.affinityWords + (cpu >>> 5)]! >>> (cpu & 31)) & 1) === 1;
  }

  /** The slot of the thread that user space calls `tid`, or -1. */
  find(tid: number): number {
    for (let thread = 0; thread < this.highWater; thread++)
      if (this.tid[thread] === tid && this.state[thread] !== ThreadState.Free) return thread;
    return -1;
  }

  /** No thread; the arena is reset by its owner. */
  reset(): void {
    if (this.#isApart) this.registers.fill(0, 0, this.highWater * REGISTER_STRIDE);
    this.highWater = 0;
    this.lowestFree = 0;
  }

  /** Replaces the thread's affinity mask. */
  setAffinity(thread: number, cpus: readonly number[]): void {
    const first = thread * this.affinityWords;
    this.affinity.fill(0, first, first + this.affinityWords);
    for (const cpu of cpus) this.affinity[first + (cpu >>> 5)]! |= 1 << (cpu & 31);
  }

  /** Makes all registers of a thread 0. */
  clearRegisters(thread: number): void {
    const base = thread * REGISTER_STRIDE;
    for (let i = 0; i < REGISTER_STRIDE; i++) this.registers[base + i] = 0;
  }

  /** Puts every fact of an exited thread back, so that nothing of it is left in the slot but r0 to r15. */
  clear(thread: number): void {
    if (thread < this.lowestFree) this.lowestFree = thread;
    this.state[thread] = ThreadState.Free;
    this.cpu[thread] = -1;
    this.process[thread] = -1;
    this.exitWork[thread] = 0;
    this.waitKind[thread] = WaitKind.None;
    this.waitKey[thread] = 0;
    this.pendingLow[thread] = 0;
    this.pendingHigh[thread] = 0;
    this.blockedLow[thread] = 0;
    this.blockedHigh[thread] = 0;
    this.tid[thread] = 0;
    this.exitStatus[thread] = 0;
    const first = thread * this.affinityWords;
    for (let i = 0; i < this.affinityWords; i++) this.affinity[first + i] = -1;
    this.history[thread * 2] = 0;
    this.history[thread * 2 + 1] = 0;
    const base = thread * REGISTER_STRIDE;
    for (let i = RegisterFile.Ip; i <= RegisterFile.Operations; i++) this.registers[base + i] = 0;
  }
}
