import type { StateArena } from '../../base/state-arena.js';
import { fairWeight } from './fair-weight.js';
import { isRealTimePolicy, MIN_NICE } from './scheduling-policy.js';

/**
 * Policy, real-time priority and nice of every thread, one word a thread.
 *
 * | bits  | field |
 * |-------|-------|
 * | 0-7   | policy |
 * | 8-15  | real-time priority, 0 when time shared |
 * | 16-23 | nice + 20 |
 *
 * The column is semantic: policy and priority decide who may run, nice can be read back.
 */
export class SchedulingParameters {
  readonly #words: Int32Array;

  constructor(arena: StateArena, maxThreads: number) {
    this.#words = arena.column('sched.parameters', maxThreads, 'semantic', -MIN_NICE << 16);
  }

  /** Replaces all three; the caller has checked them with `isValidPolicy`. */
  set(thread: number, policy: number, priority: number, nice: number): void {
    this.#words[thread] = policy | (priority << 8) | ((nice - MIN_NICE) << 16);
  }

  /** A `SchedulingPolicy` number. */
  policy(thread: number): number {
    return this.#words[thread]! & 255;
  }

  /** 1 to 99 for real-time threads, 0 for time-shared ones. */
  priority(thread: number): number {
    return (this.#words[thread]! >>> 8) & 255;
  }

  /** -20 to 19; kept, without effect, while the thread is real-time. */
  nice(thread: number): number {
    return (this.#words[thread]! >>> 16) + MIN_NICE;
  }

  /** Whether the thread's policy is fifo or rr. */
  isRealTime(thread: number): boolean {
    return isRealTimePolicy(this.#words[thread]! & 255);
  }

  /** The weight the thread has, or would have, in the fair class. */
  weight(thread: number): number {
    return fairWeight(this.policy(thread), this.nice(thread));
  }
}
