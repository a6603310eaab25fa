import type { SeldomUse, StateArena } from '../../base/state-arena.js';
import { MAX_REAL_TIME_PRIORITY } from './scheduling-policy.js';
import { ThreadLists } from './thread-lists.js';

/** Lists a CPU: one for each number up to the highest priority; list 0 stays empty. */
const LEVELS = MAX_REAL_TIME_PRIORITY + 1;

/** Words of the priority bitmap a CPU. */
const BITMAP_WORDS = 4;

/** The quantum of `SCHED_RR`, in ns. @source include/linux/sched/rt.h, RR_TIMESLICE: 100 ms */
export const ROUND_ROBIN_SLICE_NS = 100_000_000;

/**
 * The real-time queues: for each CPU a FIFO list a priority, and a bitmap of those in use.
 *
 * Every operation is O(1). A thread stays on its list while it runs, so one that is preempted by
 * a higher priority keeps its place at the head without anything being done.
 *
 * @source sched(7); kernel/sched/rt.c
 */
export class RealTimeClass {
  readonly #lists: ThreadLists;
  readonly #bitmap: Int32Array;
  readonly #count: Int32Array;
  readonly #remainingNs: Int32Array;
  readonly #overloaded: Int32Array;
  readonly #use: SeldomUse = { isUsed: false };

  /** @param cpuLimit one more than the highest CPU number */
  constructor(arena: StateArena, maxThreads: number, cpuLimit: number) {
    this.#bitmap = arena.column('sched.rtBitmap', cpuLimit * BITMAP_WORDS, 'accounting');
    this.#count = arena.column('sched.rtCount', cpuLimit, 'accounting');
    this.#overloaded = arena.column('sched.rtOverloaded', 1, 'accounting');
    this.#remainingNs = arena.column(
      'sched.rrRemainingNs',
      maxThreads,
      'accounting',
      ROUND_ROBIN_SLICE_NS,
    );
    // Order within a priority decides who runs: `next` holds it, the other links follow from it.
    this.#lists = new ThreadLists(
      arena.seldomColumn(this.#use, 'sched.rtHead', cpuLimit * LEVELS, 'accounting', -1),
      arena.column('sched.rtNext', maxThreads, 'semantic', -1),
      arena.column('sched.rtPrevious', maxThreads, 'accounting', -1),
    );
  }

  /** Number of real-time threads queued on the CPU, a running one included. */
  count(cpu: number): number {
    return this.#count[cpu]!;
  }

  /** Number of CPUs with more than one real-time thread. */
  get overloadedCpus(): number {
    return this.#overloaded[0]!;
  }

  /** Gives a thread a whole round-robin quantum, as when it is created. */
  refill(thread: number): void {
    this.#remainingNs[thread] = ROUND_ROBIN_SLICE_NS;
  }

  /** Queues a thread: at the head when its priority was lowered, else at the tail. */
  enqueue(cpu: number, thread: number, priority: number, atHead: boolean): void {
    const list = cpu * LEVELS + priority;
    this.#use.isUsed = true;
    if (atHead) this.#lists.prepend(list, thread);
    else this.#lists.append(list, thread);
    const word = cpu * BITMAP_WORDS + (priority >>> 5);
    this.#bitmap[word] = this.#bitmap[word]! | (1 << (priority & 31));
    const count = this.#count[cpu]! + 1;
    this.#count[cpu] = count;
    if (count === 2) this.#overloaded[0] = this.#overloaded[0]! + 1;
  }

  /** Takes a thread off the list of the priority it was queued with. */
  dequeue(cpu: number, thread: number, priority: number): void {
    const list = cpu * LEVELS + priority;
    this.#lists.remove(list, thread);
    if (this.#lists.first(list) < 0) {
      const word = cpu * BITMAP_WORDS + (priority >>> 5);
      this.#bitmap[word] = this.#bitmap[word]! & ~(1 << (priority & 31));
    }
    const count = this.#count[cpu]! - 1;
    this.#count[cpu] = count;
    if (count === 1) this.#overloaded[0] = this.#overloaded[0]! - 1;
  }

  /** Puts a queued thread behind its equals: it yielded, or its quantum is used up. */
  moveToTail(cpu: number, thread: number, priority: number): void {
    const list = cpu * LEVELS + priority;
    this.#lists.remove(list, thread);
    this.#lists.append(list, thread);
  }

  /** The highest priority queued on the CPU, or 0. */
  highestPriority(cpu: number): number {
    if (this.#count[cpu] === 0) return 0;
    return this.#highestBelow(cpu, LEVELS);
  }

  /** The thread that must run on the CPU: the head of its highest list, or -1. */
  head(cpu: number): number {
    const priority = this.highestPriority(cpu);
    return priority === 0 ? -1 : this.#lists.first(cpu * LEVELS + priority);
  }

  /** The thread queued after this one: first behind it, then at lower priorities; or -1. */
  following(cpu: number, thread: number, priority: number): number {
    const next = this.#lists.following(thread);
    if (next >= 0) return next;
    const lower = this.#highestBelow(cpu, priority);
    return lower === 0 ? -1 : this.#lists.first(cpu * LEVELS + lower);
  }

  /**
   * Charges a running round-robin thread.
   *
   * @param ranNs time it ran since it was last charged, in ns
   * @returns whether its quantum ended and an equal is waiting; it is then behind that equal
   */
  chargeRoundRobin(cpu: number, thread: number, priority: number, ranNs: number): boolean {
    const remaining = this.#remainingNs[thread]! - ranNs;
    if (remaining > 0) {
      this.#remainingNs[thread] = remaining;
      return false;
    }
    return this.endQuantum(cpu, thread, priority);
  }

  /** Ends the quantum now; returns whether an equal was waiting and is in front now. */
  endQuantum(cpu: number, thread: number, priority: number): boolean {
    this.refill(thread);
    if (!this.#lists.hasSeveral(cpu * LEVELS + priority)) return false;
    this.moveToTail(cpu, thread, priority);
    return true;
  }

  #highestBelow(cpu: number, limit: number): number {
    const base = cpu * BITMAP_WORDS;
    let word = limit >>> 5;
    let bits = word < BITMAP_WORDS ? this.#bitmap[base + word]! & ((1 << (limit & 31)) - 1) : 0;
    while (bits === 0) {
      if (--word < 0) return 0;
      bits = this.#bitmap[base + word]!;
    }
    return word * 32 + 31 - Math.clz32(bits);
  }
}
