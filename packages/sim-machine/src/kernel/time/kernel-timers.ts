import type { TimerView } from '../../director/director.js';
import type { KernelClock } from './kernel-clock.js';
import type { TimerHeap } from './timer-heap.js';

/** Whose timers they are: told when one of them expires. */
export interface TimerOwner {
  /** The owner's n-th timer has just expired; it is not armed any more. */
  expired(index: number): void;
}

const NONE: readonly number[] = [];

/**
 * All timers of the kernel, by one number each: first one a thread, for its sleeps, then those that
 * programs make, at last one a CPU, for a kernel module.
 */
export class KernelTimers implements TimerView {
  readonly #heap: TimerHeap;
  readonly #clock: KernelClock;
  readonly #interrupt: (cpu: number) => void;
  readonly #owners: { readonly first: number; readonly owner: TimerOwner }[] = [];
  readonly #sorted: number[] = [];

  /** @param interrupt charges a CPU for the interrupt of a timer */
  constructor(heap: TimerHeap, clock: KernelClock, interrupt: (cpu: number) => void) {
    this.#heap = heap;
    this.#clock = clock;
    this.#interrupt = interrupt;
  }

  /** Gives the timers from `first` on to an owner, up to those given away before. */
  own(first: number, owner: TimerOwner): void {
    this.#owners.push({ first, owner });
    this.#owners.sort((a, b) => b.first - a.first);
  }

  /** Arms a timer, anew if it is armed. */
  arm(timer: number, cpu: number, expiryCycles: number): void {
    this.#heap.cancel(timer);
    this.#heap.arm(timer, cpu, expiryCycles);
  }

  /** Disarms a timer. */
  cancel(timer: number): void {
    this.#heap.cancel(timer);
  }

  /**
   * Takes the interrupt of a timer, whether or not its time has come by the clocks.
   *
   * @returns false, with nothing done, when it is not armed
   */
  expire(timer: number): boolean {
    const heap = this.#heap;
    if (!heap.isArmed(timer)) return false;
    const cpu = heap.cpuOf(timer);
    this.#clock.interrupt(cpu, heap.expiryCycles(timer));
    this.#interrupt(cpu);
    heap.cancel(timer);
    for (const { first, owner } of this.#owners)
      if (timer >= first) {
        owner.expired(timer - first);
        break;
      }
    return true;
  }

  /** The armed timers in ascending order; valid until the next call. */
  armed(): readonly number[] {
    const count = this.#heap.size;
    if (count === 0) return NONE;
    const sorted = this.#sorted;
    sorted.length = count;
    for (let index = 0; index < count; index++) sorted[index] = this.#heap.at(index);
    return sorted.sort((a, b) => a - b);
  }

  /** Hands the timers of a CPU that goes away to another. @source hrtimers_dead_cpu() */
  migrate(from: number, to: number): void {
    this.#heap.move(from, to);
  }

  earliest(): number {
    return this.#heap.earliest();
  }

  expiryCycles(timer: number): number {
    return this.#heap.expiryCycles(timer);
  }

  cpuOf(timer: number): number {
    return this.#heap.cpuOf(timer);
  }
}
