import type { StateArena } from '../../base/state-arena.js';
import { ThreadLists } from './thread-lists.js';

/**
 * Which threads are runnable on which CPU: membership, count and enumeration, in no meaningful
 * order. The thread that is running is a member, as it is in Linux's `nr_running`.
 */
export class RunList {
  readonly #lists: ThreadLists;
  readonly #cpu: Int32Array;
  readonly #count: Int32Array;
  readonly #crowded: Int32Array;

  /** @param cpuLimit one more than the highest CPU number */
  constructor(arena: StateArena, maxThreads: number, cpuLimit: number) {
    this.#cpu = arena.column('sched.queuedOn', maxThreads, 'semantic', -1);
    this.#count = arena.column('sched.count', cpuLimit, 'accounting');
    this.#crowded = arena.column('sched.crowded', 1, 'accounting');
    this.#lists = new ThreadLists(
      arena.column('sched.listHead', cpuLimit, 'accounting', -1),
      arena.column('sched.listNext', maxThreads, 'accounting', -1),
      arena.column('sched.listPrevious', maxThreads, 'accounting', -1),
    );
  }

  /** The CPU on whose queue the thread is, or -1 when it is on none. */
  cpuOf(thread: number): number {
    return this.#cpu[thread]!;
  }

  /** Number of runnable threads of the CPU, the running one included. */
  count(cpu: number): number {
    return this.#count[cpu]!;
  }

  /** Number of CPUs with more than one runnable thread. */
  get crowdedCpus(): number {
    return this.#crowded[0]!;
  }

  /** Some runnable thread of the CPU, or -1. */
  first(cpu: number): number {
    return this.#lists.first(cpu);
  }

  /** The next one in the enumeration that `first` began, or -1. */
  next(thread: number): number {
    return this.#lists.following(thread);
  }

  /** Makes a thread that is on no queue a member of this CPU's. */
  add(cpu: number, thread: number): void {
    this.#cpu[thread] = cpu;
    this.#count[cpu] = this.#count[cpu]! + 1;
    if (this.#count[cpu] === 2) this.#crowded[0] = this.#crowded[0]! + 1;
    this.#lists.append(cpu, thread);
  }

  /** Ends the membership of a thread in this CPU's queue. */
  remove(cpu: number, thread: number): void {
    this.#cpu[thread] = -1;
    this.#count[cpu] = this.#count[cpu]! - 1;
    if (this.#count[cpu] === 1) this.#crowded[0] = this.#crowded[0]! - 1;
    this.#lists.remove(cpu, thread);
  }

  /** Moves a member to the end of the enumeration. */
  rotate(cpu: number, thread: number): void {
    this.#lists.remove(cpu, thread);
    this.#lists.append(cpu, thread);
  }
}
