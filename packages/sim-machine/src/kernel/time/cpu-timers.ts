import { MachineError } from '../../base/machine-error.js';
import type { CpuTimerPort } from '../kernel-module.js';
import type { KernelClock } from './kernel-clock.js';
import type { KernelTimers, TimerOwner } from './kernel-timers.js';

/** One timer a CPU, for a kernel module; the others are a thread's or a program's. */
export class CpuTimers implements TimerOwner {
  readonly #timers: KernelTimers;
  readonly #clock: KernelClock;
  readonly #first: number;
  #expired: ((cpu: number) => void) | undefined;

  /** @param first number of the timer of CPU 0 */
  constructor(timers: KernelTimers, clock: KernelClock, first: number) {
    this.#timers = timers;
    this.#clock = clock;
    this.#first = first;
    timers.own(first, this);
  }

  /**
   * Gives the timers to a module, which is told when one expires.
   *
   * @throws MachineError `ERR_CONFIG` when another module has them
   */
  give(expired: (cpu: number) => void): CpuTimerPort {
    if (this.#expired !== undefined)
      throw new MachineError(
        'ERR_CONFIG',
        'expected one kernel module that uses the timers of the CPUs, got two',
      );
    this.#expired = expired;
    const clock = this.#clock;
    return {
      arm: (cpu, delayNs) => {
        const expiry = clock.cyclesAt(clock.nowNs(cpu) + delayNs);
        this.#timers.arm(this.#first + cpu, cpu, expiry);
      },
      cancel: (cpu) => {
        this.#timers.cancel(this.#first + cpu);
      },
    };
  }

  expired(cpu: number): void {
    this.#expired?.(cpu);
  }
}
