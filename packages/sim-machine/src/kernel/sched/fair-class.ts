import type { StateArena } from '../../base/state-arena.js';
import { DeadlineTree } from './deadline-tree.js';
import { FAIR_ENTITY_STRIDE, FairField } from './fair-entity.js';
import { NICE_0_WEIGHT } from './fair-weight.js';

const { Vruntime, Deadline, Lag, Remainder, Protected, Weight, Relative } = FairField;

/** Doubles a CPU: base of the sum, sum of (vruntime - base) * weight, sum of weights, count. */
const QUEUE_STRIDE = 4;
const BASE = 0;
const WEIGHTED_SUM = 1;
const TOTAL_WEIGHT = 2;
const COUNT = 3;

/** How far the average may run ahead of the base before the sum is rebased, in virtual ns. */
const REBASE_DISTANCE = 2 ** 20;

/** What a time-shared run queue is built from. */
export interface FairClassOptions {
  /** Holds the tree links. */
  readonly arena: StateArena;
  /** Size of the thread table. */
  readonly maxThreads: number;
  /** One more than the highest CPU number. */
  readonly cpuLimit: number;
  /** The slice a thread asks for, in ns. */
  readonly sliceNs: number;
  /** The tick period, in ns; a lag is never carried beyond it or two slices. */
  readonly tickNs: number;
}

/**
 * The time-shared class: earliest eligible virtual deadline first (EEVDF), as Linux 6.6 and later.
 *
 * With v_i the vruntime and w_i the weight of the queued threads of a CPU, V = sum(w_i * v_i) /
 * sum(w_i) is the virtual time at which everyone would have been served equally. A thread with
 * v_i <= V is owed service and eligible; of those the earliest deadline v_i + slice / w_i runs.
 *
 * A thread stays queued, and in the tree, while it runs, so a context switch costs nothing here.
 * Without: cgroups, delayed dequeue (6.12), per-thread slices.
 *
 * Invariant: WEIGHTED_SUM = sum of w_i * (v_i - BASE) over the queued threads, exactly; therefore
 * the weighted lags w_i * (V - v_i) of a queue add up to 0.
 *
 * @source kernel/sched/fair.c; Stoica and Abdel-Wahab, "Earliest Eligible Virtual Deadline First",
 * 1995
 */
export class FairClass {
  readonly #entities: Float64Array;
  readonly #queues: Float64Array;
  readonly #tree: DeadlineTree;
  readonly #lagLimitNs: number;
  readonly #sliceNs: number;

  constructor(options: FairClassOptions) {
    this.#entities = new Float64Array(options.maxThreads * FAIR_ENTITY_STRIDE);
    this.#queues = new Float64Array(options.cpuLimit * QUEUE_STRIDE);
    this.#tree = new DeadlineTree(options.arena, this.#entities, options.cpuLimit);
    this.#sliceNs = options.sliceNs;
    this.#lagLimitNs = Math.max(2 * options.sliceNs, options.tickNs);
  }

  /** The tree, for measuring how the work grows. */
  get tree(): DeadlineTree {
    return this.#tree;
  }

  /** Empties every queue; the arena's columns are reset by the arena. Threads are attached anew. */
  reset(): void {
    this.#queues.fill(0);
  }

  /** Begins a thread's account; it is on no queue. */
  attach(thread: number, weight: number): void {
    const entity = thread * FAIR_ENTITY_STRIDE;
    this.#entities.fill(0, entity, entity + FAIR_ENTITY_STRIDE);
    this.#entities[entity + Weight] = weight;
  }

  /** Number of queued fair threads, a running one included. */
  count(cpu: number): number {
    return this.#queues[cpu * QUEUE_STRIDE + COUNT]!;
  }

  /** Sum of the weights of the queued fair threads. */
  totalWeight(cpu: number): number {
    return this.#queues[cpu * QUEUE_STRIDE + TOTAL_WEIGHT]!;
  }

  /** V, rounded down; for an empty queue what it was last. In virtual ns. */
  averageVruntime(cpu: number): number {
    const queue = cpu * QUEUE_STRIDE;
    const weight = this.#queues[queue + TOTAL_WEIGHT]!;
    const base = this.#queues[queue + BASE]!;
    if (weight === 0) return base;
    // The quotient is below 2^20 in size (see rebase), so that dividing cannot round it up to an
    // integer that it does not reach.
    return base + Math.floor(this.#queues[queue + WEIGHTED_SUM]! / weight);
  }

  /** One {@link FairField} of a thread. */
  field(thread: number, field: (typeof FairField)[keyof typeof FairField]): number {
    return this.#entities[thread * FAIR_ENTITY_STRIDE + field]!;
  }

  /**
   * Queues a thread where its lag puts it.
   *
   * @param isNew the thread was just created: its first request is half a slice
   * @source place_entity(): PLACE_LAG, PLACE_DEADLINE_INITIAL, PLACE_REL_DEADLINE
   */
  enqueue(cpu: number, thread: number, isNew: boolean): void {
    const entities = this.#entities;
    const entity = thread * FAIR_ENTITY_STRIDE;
    const weight = entities[entity + Weight]!;
    const total = this.totalWeight(cpu);
    let lag = entities[entity + Lag]!;
    // Joining moves V towards the thread; the lag is enlarged so that what is left is the old one.
    if (total === 0) lag = 0;
    else lag += Math.trunc((lag * weight) / total);
    const vruntime = this.averageVruntime(cpu) - lag;
    entities[entity + Vruntime] = vruntime;
    if (entities[entity + Relative] === 1) {
      entities[entity + Relative] = 0;
      entities[entity + Deadline] = entities[entity + Deadline]! + vruntime;
    } else {
      const slice = this.#virtualSlice(weight);
      entities[entity + Deadline] = vruntime + (isNew ? Math.floor(slice / 2) : slice);
    }
    const queue = cpu * QUEUE_STRIDE;
    this.#account(queue, weight, vruntime - this.#queues[queue + BASE]!, 1);
    this.#rebase(queue);
    this.#tree.insert(cpu, thread);
  }

  /**
   * Takes a thread off its queue, keeping its lag.
   *
   * @param sleeps false when it only moves (to another CPU, class or weight): then what is left of
   * its request goes with it
   * @source update_entity_lag(), dequeue_entity()
   */
  dequeue(cpu: number, thread: number, sleeps: boolean): void {
    const entities = this.#entities;
    const entity = thread * FAIR_ENTITY_STRIDE;
    const weight = entities[entity + Weight]!;
    const vruntime = entities[entity + Vruntime]!;
    const limit = Math.floor((this.#lagLimitNs * NICE_0_WEIGHT) / weight);
    const lag = this.averageVruntime(cpu) - vruntime;
    this.#tree.remove(cpu, thread);
    entities[entity + Lag] = Math.max(-limit, Math.min(limit, lag));
    if (!sleeps) {
      entities[entity + Relative] = 1;
      entities[entity + Deadline] = entities[entity + Deadline]! - vruntime;
    }
    const queue = cpu * QUEUE_STRIDE;
    this.#account(queue, -weight, vruntime - this.#queues[queue + BASE]!, -1);
    if (this.#queues[queue + COUNT] === 0) this.#queues[queue + BASE] = vruntime;
    else this.#rebase(queue);
  }

  /**
   * The thread that should run, or -1.
   *
   * @param current the thread that is running, or -1: while it is eligible and has not used up the
   * request it began with, it is kept
   * @source pick_eevdf(), RUN_TO_PARITY
   */
  pick(cpu: number, current: number): number {
    const limit = this.averageVruntime(cpu);
    if (current >= 0) {
      const entity = current * FAIR_ENTITY_STRIDE;
      if (
        this.#entities[entity + Protected] === this.#entities[entity + Deadline] &&
        this.#entities[entity + Vruntime]! <= limit
      )
        return current;
    }
    return this.#tree.earliestEligible(cpu, limit);
  }

  /** Notes that the thread begins to run. @source set_next_entity() */
  protect(thread: number): void {
    const entity = thread * FAIR_ENTITY_STRIDE;
    this.#entities[entity + Protected] = this.#entities[entity + Deadline]!;
  }

  /**
   * Charges a running thread.
   *
   * @param ranNs integer ns since it was last charged
   * @returns whether its request is used up and someone else is queued: reschedule
   * @source update_curr(), update_deadline()
   */
  charge(cpu: number, thread: number, ranNs: number): boolean {
    const entities = this.#entities;
    const entity = thread * FAIR_ENTITY_STRIDE;
    const weight = entities[entity + Weight]!;
    const due = ranNs * NICE_0_WEIGHT + entities[entity + Remainder]!;
    const gained = Math.floor(due / weight);
    entities[entity + Remainder] = due - gained * weight;
    return this.#advance(cpu, thread, entities[entity + Vruntime]! + gained);
  }

  /**
   * Forfeits the rest of the request, as if it had been used. A thread that is not eligible has
   * nothing to forfeit: someone else is picked anyway.
   *
   * @source yield_task_fair() since "sched/fair: Forfeit vruntime on yield" (2025); before, only
   * the deadline moved, and a loop of yields could be picked again and again
   */
  yield(cpu: number, thread: number): void {
    const entity = thread * FAIR_ENTITY_STRIDE;
    if (this.count(cpu) === 1) return;
    if (this.#entities[entity + Vruntime]! > this.averageVruntime(cpu)) return;
    this.#advance(cpu, thread, this.#entities[entity + Deadline]!);
  }

  /**
   * Changes a thread's weight; lag and what is left of the request keep their worth in real time.
   *
   * @param cpu the queue it is on, or -1
   * @source reweight_entity()
   */
  reweigh(cpu: number, thread: number, weight: number): void {
    const entities = this.#entities;
    const entity = thread * FAIR_ENTITY_STRIDE;
    const old = entities[entity + Weight]!;
    if (old === weight) return;
    if (cpu >= 0) this.dequeue(cpu, thread, false);
    entities[entity + Weight] = weight;
    entities[entity + Remainder] = 0;
    entities[entity + Lag] = Math.trunc((entities[entity + Lag]! * old) / weight);
    if (entities[entity + Relative] === 1)
      entities[entity + Deadline] = Math.trunc((entities[entity + Deadline]! * old) / weight);
    if (cpu >= 0) this.enqueue(cpu, thread, false);
  }

  #virtualSlice(weight: number): number {
    return Math.floor((this.#sliceNs * NICE_0_WEIGHT) / weight);
  }

  /** Moves a queued thread's vruntime forward; returns whether others wait and a request ended. */
  #advance(cpu: number, thread: number, vruntime: number): boolean {
    const entities = this.#entities;
    const entity = thread * FAIR_ENTITY_STRIDE;
    const weight = entities[entity + Weight]!;
    const queue = cpu * QUEUE_STRIDE;
    const gained = vruntime - entities[entity + Vruntime]!;
    this.#queues[queue + WEIGHTED_SUM] = this.#queues[queue + WEIGHTED_SUM]! + gained * weight;
    this.#rebase(queue);
    if (vruntime < entities[entity + Deadline]!) {
      entities[entity + Vruntime] = vruntime;
      this.#tree.vruntimeChanged(thread);
      return false;
    }
    this.#tree.remove(cpu, thread);
    entities[entity + Vruntime] = vruntime;
    entities[entity + Deadline] = vruntime + this.#virtualSlice(weight);
    this.#tree.insert(cpu, thread);
    return this.#queues[queue + COUNT]! > 1;
  }

  #account(queue: number, weight: number, key: number, count: number): void {
    const queues = this.#queues;
    queues[queue + WEIGHTED_SUM] = queues[queue + WEIGHTED_SUM]! + key * weight;
    queues[queue + TOTAL_WEIGHT] = queues[queue + TOTAL_WEIGHT]! + weight;
    queues[queue + COUNT] = queues[queue + COUNT]! + count;
  }

  /** Keeps the sum small, so that it stays exact: the base follows the average. */
  #rebase(queue: number): void {
    const queues = this.#queues;
    const sum = queues[queue + WEIGHTED_SUM]!;
    const weight = queues[queue + TOTAL_WEIGHT]!;
    if (sum < weight * REBASE_DISTANCE && sum > -weight * REBASE_DISTANCE) return;
    const distance = Math.floor(sum / weight);
    queues[queue + BASE] = queues[queue + BASE]! + distance;
    queues[queue + WEIGHTED_SUM] = sum - distance * weight;
  }
}
