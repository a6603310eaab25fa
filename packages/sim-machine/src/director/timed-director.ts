import { MachineError } from '../base/machine-error.js';
import { ClockHeap } from './clock-heap.js';
import { DecisionKind, encodeDecision, MAX_BUDGET, NO_DECISION } from './decision.js';
import type { Decision } from './decision.js';
import type { DecisionPoint, Director } from './director.js';
import { DrainSchedule } from './drain-schedule.js';
import { SeededJitter } from './jitter.js';
import type { Jitter } from './jitter.js';

/** How simulated time passes; all have defaults. */
export interface TimedOptions {
  /** Seed of ticks and of small delays, a 32-bit integer; default 1. The same seed, the same run. */
  readonly seed?: number;
  /** How far a CPU may run ahead of the others, on average, in cycles, at least 1; default 1000. */
  readonly quantumCycles?: number;
  /** Period of each CPU's timer tick in cycles, at least 1; default 4,000,000: 4 ms at 1 GHz. */
  readonly tickCycles?: number;
  /** How long a store may stay in a buffer after its CPU stopped, in cycles; default 200. */
  readonly storeDelayCycles?: number;
}

const DEFAULTS = { seed: 1, quantumCycles: 1000, tickCycles: 4_000_000, storeDelayCycles: 200 };

/** Quanta that a CPU runs at a time while all others idle. */
const ALONE_QUANTA = 16;

/** Ticks in which a CPU spins before somebody looks whether there is any hope. */
const TICKS_IN_VAIN = 2;

/** Weight of the newest sample in the mean cost of an instruction. */
const COST_SMOOTHING = 1 / 8;

/** No instruction is taken to be cheaper than this, in cycles. */
const LEAST_COST = 1 / 16;

/**
 * Lets the machine run on its simulated clocks.
 *
 * The CPU that is furthest behind goes on, until it is ahead of the next one by about a quantum;
 * timers, page-ins, ticks and buffered stores are due when their time has come by the clock of that
 * CPU. When every CPU idles, time jumps to the next timer or page-in. An idle CPU has no ticks.
 *
 * A thread in front of an await that is not met spins: its CPU's time passes. When that is what all
 * runnable threads do, and no timer or page is to come, there are no more decisions.
 *
 * Steps are measured in instructions, clocks in cycles: what an instruction costs on a CPU is
 * estimated from what its last ones did, so a CPU may overshoot by the error of that estimate.
 *
 * A decision costs O(log busy CPUs) and allocates nothing.
 */
export class TimedDirector implements Director {
  readonly name = 'timed';
  readonly scheduling = 'policy';
  readonly granularity = 'instruction';
  readonly #jitter: Jitter;
  readonly #quantumCycles: number;
  readonly #tickCycles: number;
  readonly #storeDelayCycles: number;
  #busy = new ClockHeap(0);
  #drains = new DrainSchedule(0);
  /** When each CPU's next tick is due. */
  #nextTick = new Float64Array(0);
  /** What ticks are staggered by. */
  #tickOffset = new Float64Array(0);
  /** Mean cycles an instruction takes, by CPU. */
  #instructionCost = new Float64Array(0);
  /** Ticks of all CPUs since one of them could go on. */
  #ticksInVain = 0;
  /** The last step: its CPU (-1 for none), thread, budget, and the clock at its start. */
  #stepCpu = -1;
  #stepThread = -1;
  #stepBudget = 0;
  #stepStart = 0;

  /**
   * @throws MachineError `ERR_CONFIG` when a number of cycles is not positive
   */
  constructor(options: TimedOptions = {}, jitter?: Jitter) {
    this.#jitter = jitter ?? new SeededJitter(options.seed ?? DEFAULTS.seed);
    this.#quantumCycles = positive('quantumCycles', options);
    this.#tickCycles = positive('tickCycles', options);
    this.#storeDelayCycles = positive('storeDelayCycles', options);
  }

  start(point: DecisionPoint): void {
    const cpuLimit = (point.possibleCpus.at(-1) ?? -1) + 1;
    if (this.#nextTick.length !== cpuLimit) {
      this.#busy = new ClockHeap(cpuLimit);
      this.#drains = new DrainSchedule(cpuLimit);
      this.#nextTick = new Float64Array(cpuLimit);
      this.#tickOffset = new Float64Array(cpuLimit);
      this.#instructionCost = new Float64Array(cpuLimit);
    }
    this.#busy.clear();
    this.#drains.clear();
    this.#jitter.restart();
    this.#stepCpu = -1;
    this.#ticksInVain = 0;
    this.#instructionCost.fill(1);
    for (const cpu of point.possibleCpus)
      this.#tickOffset[cpu] = this.#jitter.below(this.#tickCycles);
    for (const cpu of point.possibleCpus) if (point.currentOn(cpu) >= 0) this.#admit(point, cpu);
  }

  decide(point: DecisionPoint): Decision {
    for (let cpu = point.activated.take(); cpu >= 0; cpu = point.activated.take())
      if (!this.#busy.has(cpu)) this.#admit(point, cpu);
    if (this.#stepCpu >= 0) this.#stepped(point, this.#stepCpu);
    const cpu = this.#furthestBehind(point);
    const now = cpu < 0 ? Infinity : this.#busy.keyOf(cpu);
    const timer = point.timers.earliest();
    const timerDue = timer < 0 ? Infinity : point.timers.expiryCycles(timer);
    const thread = point.pageIns.earliest();
    const pageDue = thread < 0 ? Infinity : point.pageIns.arrivalCycles(thread);
    if (timer >= 0 && timerDue <= now && timerDue <= pageDue)
      return encodeDecision(DecisionKind.Timer, timer >>> 16, timer & 0xffff);
    if (thread >= 0 && pageDue <= now) return encodeDecision(DecisionKind.PageIn, 0, thread);
    if (cpu < 0 || this.#isStuck(point, cpu, timer >= 0 || thread >= 0)) return NO_DECISION;
    const drain = this.#dueDrain(point, cpu, now);
    if (drain >= 0) return encodeDecision(DecisionKind.Drain, drain, 0);
    if (this.#nextTick[cpu]! <= now) {
      this.#nextTick[cpu] = this.#tickAfter(cpu, now);
      this.#ticksInVain += 1;
      return encodeDecision(DecisionKind.Tick, cpu, 0);
    }
    return this.#step(point, cpu, now, timerDue < pageDue ? timerDue : pageDue);
  }

  choose(): number {
    return 0;
  }

  #admit(point: DecisionPoint, cpu: number): void {
    const clock = point.cyclesOf(cpu);
    this.#busy.add(cpu, clock);
    this.#nextTick[cpu] = this.#tickAfter(cpu, clock);
  }

  /** The busy CPU with the least clock, or -1. */
  #furthestBehind(point: DecisionPoint): number {
    const busy = this.#busy;
    for (;;) {
      const cpu = busy.top();
      if (cpu < 0) return -1;
      if (point.currentOn(cpu) < 0) {
        busy.removeTop();
        continue;
      }
      const clock = point.cyclesOf(cpu);
      if (clock === busy.keyOf(cpu)) return cpu;
      busy.advanceTop(clock);
    }
  }

  /** Learns from the step that was decided last. */
  #stepped(point: DecisionPoint, cpu: number): void {
    this.#stepCpu = -1;
    const clock = point.cyclesOf(cpu);
    if (point.pendingStores(cpu) > 0) this.#drains.add(cpu, clock + this.#storeDelayCycles);
    if (point.currentOn(cpu) !== this.#stepThread) return;
    const cost = Math.max((clock - this.#stepStart) / this.#stepBudget, LEAST_COST);
    this.#instructionCost[cpu]! += (cost - this.#instructionCost[cpu]!) * COST_SMOOTHING;
  }

  /** A CPU whose buffered stores are due, or -1; those of a CPU that runs alone concern nobody. */
  #dueDrain(point: DecisionPoint, running: number, now: number): number {
    const drains = this.#drains;
    while (drains.dueCycles() <= now) {
      const cpu = drains.first();
      const isAlone = cpu === running && this.#busy.secondKey() === Infinity;
      if (!isAlone && point.pendingStores(cpu) > 0) return cpu;
      drains.remove();
    }
    return -1;
  }

  /** Whether nothing will ever happen any more; looked for when all busy CPUs spin for a while. */
  #isStuck(point: DecisionPoint, cpu: number, isAwaited: boolean): boolean {
    if (this.#ticksInVain === 0) return false;
    if (isAwaited || point.canProgress(cpu)) this.#ticksInVain = 0;
    if (this.#ticksInVain <= TICKS_IN_VAIN * this.#busy.size) return false;
    this.#ticksInVain = 0;
    return point.isDeadlocked();
  }

  #step(point: DecisionPoint, cpu: number, now: number, interruptDue: number): Decision {
    const quantum = this.#quantumCycles;
    const other = this.#busy.secondKey();
    let until = now + ALONE_QUANTA * quantum;
    if (other !== Infinity) {
      const ahead = other + quantum / 2 + this.#jitter.below(quantum);
      if (ahead < until) until = ahead;
    }
    if (interruptDue < until) until = interruptDue;
    if (this.#nextTick[cpu]! < until) until = this.#nextTick[cpu]!;
    const drainDue = this.#drains.dueCycles();
    if (drainDue < until && this.#drains.first() !== cpu) until = drainDue;
    const instructions = Math.ceil((until - now) / this.#instructionCost[cpu]!);
    const budget = Math.min(Math.max(instructions, 1), MAX_BUDGET);
    this.#stepCpu = cpu;
    this.#stepThread = point.currentOn(cpu);
    this.#stepBudget = budget;
    this.#stepStart = now;
    return encodeDecision(DecisionKind.Step, cpu, budget);
  }

  #tickAfter(cpu: number, now: number): number {
    const period = this.#tickCycles;
    const offset = this.#tickOffset[cpu]!;
    return offset + (Math.floor((now - offset) / period) + 1) * period;
  }
}

function positive(
  name: 'quantumCycles' | 'tickCycles' | 'storeDelayCycles',
  options: TimedOptions,
): number {
  const value = options[name] ?? DEFAULTS[name];
  if (!Number.isInteger(value) || value < 1)
    throw new MachineError(
      'ERR_CONFIG',
      `expected ${name} to be a positive integer, got ${String(value)}`,
    );
  return value;
}
