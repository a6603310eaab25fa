import { FenceKind, SyscallNumber } from '@rseqlab/sim-machine';
import type { Machine, RaceDetector } from '@rseqlab/sim-machine';

/** The first argument of a system call is a futex. */
const FUTEX = SyscallNumber.futex;

/** Objects that stand for the end of a process's children; futexes are known by their address. */
const childrenOf = (process: number): number => -1 - process;

/**
 * Tells a race detector what the kernel orders: the start and the end of threads, sleeping on a futex
 * and waking from it, and waiting for a child.
 *
 * | before                           | comes before                              |
 * |----------------------------------|-------------------------------------------|
 * | a thread makes another           | all that the other does                   |
 * | a system call on a futex         | a wait on that futex that ends later      |
 * | a thread exits                   | a join that has seen its word cleared     |
 * | a process exits                  | a wait4 of its parent that ends later     |
 */
export class Synchronisation {
  readonly #machine: Machine;
  readonly #races: RaceDetector;
  /** The futex of the system call that a thread is in. */
  readonly #futex = new Map<number, number>();

  constructor(machine: Machine, races: RaceDetector) {
    this.#machine = machine;
    this.#races = races;
    machine.events.on('spawn', ({ parent, thread }) => {
      if (parent >= 0) races.threadStarted(parent, thread);
    });
    machine.events.on('syscall', ({ thread, number, args }) => {
      if (number === FUTEX) this.#futex.set(thread, args[0]!);
      if (number === FUTEX) races.release(thread, args[0]!);
      if (number === FUTEX || number === SyscallNumber.exit) races.fence(FenceKind.Full, thread);
    });
    machine.events.on('syscallExit', ({ thread, number, result }) => {
      if (number === FUTEX) this.#acquireFutex(thread);
      if (number === SyscallNumber.wait4 && result > 0)
        races.acquire(thread, childrenOf(machine.threads.process[thread]!));
    });
    machine.events.on('exit', ({ thread }) => this.#exited(thread));
  }

  /** A run begins: nobody is in a system call. */
  reset(): void {
    this.#futex.clear();
  }

  #acquireFutex(thread: number): void {
    const futex = this.#futex.get(thread);
    if (futex !== undefined) this.#races.acquire(thread, futex);
  }

  #exited(thread: number): void {
    const process = this.#machine.threads.process[thread]!;
    const { parent } = this.#machine.process(process);
    if (parent >= 0) this.#races.release(thread, childrenOf(parent));
  }
}
