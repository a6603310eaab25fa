import type { CpuTable } from '../../cpu/cpu-table.js';

/** Nanoseconds of a second. */
export const NS_PER_SECOND = 1_000_000_000;

/**
 * The time that programs see, made of the clocks of the CPUs.
 *
 * Under a policy the CPUs' clocks are simulated time and drift apart by what the director lets one
 * CPU run ahead. Under a free director they count each CPU's own instructions, which says nothing of
 * time: a program can rely on no more than what holds in both cases, that a later reading is never
 * below an earlier one on any CPU, nor below a deadline that has passed.
 *
 * Times are cycles since the machine started; doubles, exact up to 2^53.
 */
export class KernelClock {
  /** Nanoseconds a cycle takes. */
  readonly nsPerCycle: number;
  readonly #cpus: CpuTable;
  #acting = 0;
  /** Invariant: no reading is below this, and it never falls. */
  #floorCycles = 0;

  constructor(cpus: CpuTable, nsPerCycle: number) {
    this.#cpus = cpus;
    this.nsPerCycle = nsPerCycle;
    this.reset();
  }

  /** Back to time zero. */
  reset(): void {
    this.#acting = this.#cpus.possible[0]!;
    this.#floorCycles = 0;
  }

  /** What happens from now on happens at the time of this CPU. */
  act(cpu: number): void {
    this.#acting = cpu;
  }

  /** The time at which things happen now, in cycles. */
  actingCycles(): number {
    return this.#cpus.cycles[this.#acting]!;
  }

  /** Reads the clock on a CPU, in cycles. */
  nowCycles(cpu: number): number {
    const own = this.#cpus.cycles[cpu]!;
    if (own > this.#floorCycles) this.#floorCycles = own;
    return this.#floorCycles;
  }

  /** Reads the clock on a CPU, in whole nanoseconds. */
  nowNs(cpu: number): number {
    return Math.floor(this.nowCycles(cpu) * this.nsPerCycle);
  }

  /** The first cycle at which the clock shows at least `ns`. */
  cyclesAt(ns: number): number {
    let cycles = Math.ceil(ns / this.nsPerCycle);
    while (Math.floor(cycles * this.nsPerCycle) < ns) cycles += 1;
    return cycles;
  }

  /**
   * An interrupt that was due at a time is taken on a CPU, now: the time has come even if the CPU's
   * own clock has not got there, because it idled or because a director wanted it so.
   */
  interrupt(cpu: number, dueCycles: number): void {
    this.#acting = cpu;
    if (this.#cpus.cycles[cpu]! < dueCycles) this.#cpus.cycles[cpu] = dueCycles;
    if (this.#floorCycles < dueCycles) this.#floorCycles = dueCycles;
  }

  /** An idle CPU is given something to do now: its clock stood still while it idled. */
  catchUp(cpu: number): void {
    const now = this.actingCycles();
    if (this.#cpus.cycles[cpu]! < now) this.#cpus.cycles[cpu] = now;
  }
}
