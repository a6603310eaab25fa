import {
  OperationKind,
  SyscallNumber,
  ThreadState,
  createPendingOperation,
} from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import type { GuardRead, Guards } from './guards.js';
import type { ReadWindows } from './read-windows.js';

/**
 * Threads that spin in rounds in which they let others of their CPU go first.
 *
 * Such a thread is idle while all that it read in its last round is fresh: it only goes round. One that has a CPU while all
 * whom it lets go first are idle as well is held back. Where another one could go on, to let an idle one have the CPU
 * leads nowhere: it goes round, and lets go first whom it could have been at once.
 */
export class YieldingThreads {
  readonly #machine: Machine;
  readonly #windows: ReadWindows;
  readonly #pending = createPendingOperation();
  readonly #areNewest: (thread: number, round: number) => boolean;

  /** @param areNewest - whether as many last reads of a thread are of the newest writes there are */
  constructor(
    machine: Machine,
    windows: ReadWindows,
    areNewest: (thread: number, round: number) => boolean,
  ) {
    this.#machine = machine;
    this.#windows = windows;
    this.#areNewest = areNewest;
  }

  /** How many reads the round has that a thread goes through, or 0. */
  roundOf(thread: number): number {
    return this.#windows.loops[thread]!;
  }

  /** Whether a thread only goes round. */
  isIdle(thread: number): boolean {
    const round = this.roundOf(thread);
    return round > 0 && this.#windows.freshOf(thread) >= round && this.#areNewest(thread, round);
  }

  /** Whether a thread only goes round, and so do all whom it lets go first. */
  leadsNowhere(thread: number): boolean {
    return this.isIdle(thread) && this.othersOf(thread).every((other) => this.isIdle(other));
  }

  /** Whether a thread waits for a CPU, which it would have in vain. */
  isQueuedInVain(thread: number): boolean {
    const { threads, cpus } = this.#machine;
    return cpus.current[threads.cpu[thread]!] !== thread && this.leadsNowhere(thread);
  }

  /**
   * Whether it leads nowhere to let a thread have a CPU: it would only go round, while another one could go on.
   *
   * @param answer - to which of `count` threads has the CPU next
   */
  isInVain(cpu: number, answer: number, count: number): boolean {
    const waiting = this.#waitingFor(cpu);
    if (waiting.length !== count || !this.isIdle(waiting[answer]!)) return false;
    return !waiting.every((thread) => this.isIdle(thread));
  }

  /** Whom a thread that yields lets go first. */
  othersOf(thread: number): number[] {
    const { threads, ahead } = this.#machine;
    const others: number[] = [];
    for (let other = 0; other < threads.highWater; other++)
      if (ahead.givesWay(thread, other)) others.push(other);
    return others;
  }

  /** By what it is decided whether a thread can step that is where a round begins. @param reads - of its last round */
  guardsOfRound(thread: number, reads: readonly GuardRead[]): Guards | undefined {
    const others = this.othersOf(thread);
    // It steps whatever is read, as long as somebody else may go on.
    if (others.some((other) => this.roundOf(other) === 0)) return undefined;
    return { reads: [...reads, ...this.readsOf(others)], decideStep: true };
  }

  /** By what it is decided whom a thread that is about to yield lets go first in vain. */
  guardsOfCall(thread: number): Guards | undefined {
    const { kind, value } = this.#machine.ahead.operation(thread, this.#pending);
    if (kind !== OperationKind.Syscall || value !== SyscallNumber.sched_yield) return undefined;
    const reads = this.readsOf([thread, ...this.othersOf(thread)]);
    return reads.length === 0 ? undefined : { reads, decideStep: false };
  }

  /** The reads of the last rounds of threads. */
  readsOf(threads: readonly number[]): GuardRead[] {
    return threads.flatMap((thread) => this.lastReads(thread, this.roundOf(thread)));
  }

  /** The last reads of a thread. */
  lastReads(thread: number, count: number): GuardRead[] {
    const length = Math.min(count, this.#windows.lengthOf(thread));
    return Array.from({ length }, (_, n) => ({
      thread,
      ...this.#windows.last(thread, length - 1 - n),
    }));
  }

  /** Who may have a CPU next, in the order of the answers to that question. */
  #waitingFor(cpu: number): number[] {
    const { threads, cpus } = this.#machine;
    const waiting: number[] = [];
    const current = cpus.current[cpu]!;
    const isWaiting = (thread: number): boolean =>
      threads.state[thread] === ThreadState.Runnable && threads.cpu[thread] === cpu;
    for (let thread = 0; thread < threads.highWater; thread++)
      if (thread !== current && isWaiting(thread)) waiting.push(thread);
    if (current >= 0 && isWaiting(current)) waiting.push(current);
    return waiting;
  }
}
