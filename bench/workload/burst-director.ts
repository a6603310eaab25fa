import { DecisionKind, encodeDecision, NO_DECISION, ThreadState } from '@rseqlab/sim-machine';
import type {
  Decision,
  DecisionPoint,
  Director,
  Granularity,
  ThreadTable,
} from '@rseqlab/sim-machine';
import { Xorshift } from './xorshift.js';

/** How often a schedule preempts and for how long it lets a CPU run. */
export interface Density {
  /** The CPU's thread is preempted when these bits of a random number are 0. */
  readonly preemptMask: number;
  /** A burst has 1 to this many instructions, all lengths with equal probability. */
  readonly longestBurst: number;
  /** Where a burst may end. */
  readonly granularity: Granularity;
}

/**
 * A preemption before every burst, bursts of 64 steps on average.
 *
 * A step is what others can notice, as in the other densities: an access, a fence, a system call. An
 * increment has 4 of them in 10 instructions, so that 64 steps are 160 instructions.
 */
export const BURSTS_OF_64: Density = {
  preemptMask: 0,
  longestBurst: 319,
  granularity: 'access',
};

/** One decision before every visible instruction; one in 64 preempts. */
export const ONE_STEP: Density = { preemptMask: 63, longestBurst: 1, granularity: 'access' };

/** One decision before every visible instruction; one in 8 preempts: for tiny executions. */
export const TINY_STEPS: Density = { preemptMask: 7, longestBurst: 1, granularity: 'access' };

/** Tries to find a CPU with a thread, or another thread of a CPU. */
const TRIES = 4;

/**
 * Draws schedules as the C yardstick does: picks a CPU, sometimes takes its thread away, to the end
 * of the queue of any CPU, and lets whoever is there run for a burst.
 *
 * Where the yardstick preempts a thread in favour of itself, since it is alone on its CPU, this one
 * does not. It looks at nothing that grows with the machine.
 */
export class BurstDirector implements Director {
  readonly name = 'burst';
  readonly scheduling = 'free';
  readonly granularity: Granularity;
  readonly #random = new Xorshift();
  readonly #density: Density;
  readonly #cpuMask: number;
  #threads: ThreadTable | undefined;
  /** CPU and budget of the burst that follows a preemption; CPU -1 for none. */
  #burstCpu = -1;
  #burstBudget = 0;

  /** @param cpus number of CPUs, ids from 0, a power of two */
  constructor(cpus: number, density: Density) {
    this.#cpuMask = cpus - 1;
    this.#density = density;
    this.granularity = density.granularity;
  }

  /** Begins a schedule on a machine. @param seed int32 */
  restart(seed: number, threads: ThreadTable): void {
    this.#random.restart(seed);
    this.#threads = threads;
    this.#burstCpu = -1;
  }

  decide(point: DecisionPoint): Decision {
    const burst = this.#burstCpu;
    if (burst >= 0) {
      this.#burstCpu = -1;
      if (point.currentOn(burst) >= 0)
        return encodeDecision(DecisionKind.Step, burst, this.#burstBudget);
    }
    const x = this.#random.next();
    const cpu = this.#busyCpu(point, x);
    if (cpu < 0) return NO_DECISION;
    const budget = 1 + (((x >>> 16) * this.#density.longestBurst) >>> 16);
    if (((x >> 8) & this.#density.preemptMask) !== 0)
      return encodeDecision(DecisionKind.Step, cpu, budget);
    this.#burstCpu = cpu;
    this.#burstBudget = budget;
    return this.#preempt(point.currentOn(cpu), cpu, x);
  }

  choose(_kind: number, count: number): number {
    return (this.#random.next() >>> 8) % count;
  }

  #busyCpu(point: DecisionPoint, x: number): number {
    const cpu = x & this.#cpuMask;
    return point.currentOn(cpu) >= 0 ? cpu : this.#nextBusyCpu(point, cpu, x);
  }

  /** As the yardstick does; where many CPUs are idle, that of any thread that can run; -1 for none. */
  #nextBusyCpu(point: DecisionPoint, idle: number, x: number): number {
    let cpu = idle;
    for (let tries = 0; tries < TRIES; tries++) {
      cpu = (cpu + 1) & this.#cpuMask;
      if (point.currentOn(cpu) >= 0) return cpu;
    }
    const { state, highWater, cpu: cpuOf } = this.#threads!;
    let thread = (x >>> 16) % highWater;
    for (let tries = 0; tries < highWater; tries++) {
      if (state[thread] === ThreadState.Runnable) return cpuOf[thread]!;
      thread = thread + 1 === highWater ? 0 : thread + 1;
    }
    return -1;
  }

  #preempt(current: number, cpu: number, x: number): Decision {
    const to = (x >> 4) & this.#cpuMask;
    if (to !== cpu) return encodeDecision(DecisionKind.Migrate, to, current);
    const { state, highWater, cpu: cpuOf } = this.#threads!;
    let thread = current;
    for (let tries = 0; tries < TRIES; tries++) {
      thread = thread + 1 === highWater ? 0 : thread + 1;
      if (thread !== current && cpuOf[thread] === cpu && state[thread] === ThreadState.Runnable)
        return encodeDecision(DecisionKind.Preempt, cpu, thread);
    }
    this.#burstCpu = -1;
    return encodeDecision(DecisionKind.Step, cpu, this.#burstBudget);
  }
}
