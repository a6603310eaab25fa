import { decisionKind, DecisionKind, decisionX, decisionY } from '../../src/director/decision.js';
import type { Decision } from '../../src/director/decision.js';
import type { DecisionPoint } from '../../src/director/director.js';

/**
 * A machine without programs: every CPU that is given a thread runs for ever, an instruction takes
 * `costs[cpu]` cycles, timers and page-ins are lists of times.
 */
export class FakeDecisionPoint implements DecisionPoint {
  readonly possibleCpus: readonly number[];
  readonly cycles: number[];
  readonly current: number[];
  readonly costs: number[];
  readonly pending: number[];
  readonly expiries = new Map<number, number>();
  readonly arrivals = new Map<number, number>();
  readonly woken: number[] = [];
  /** CPUs whose threads wait for what does not come. */
  readonly waiting = new Set<number>();

  constructor(cpus: number) {
    this.possibleCpus = Array.from({ length: cpus }, (_, cpu) => cpu);
    this.cycles = this.possibleCpus.map(() => 0);
    this.current = this.possibleCpus.map((cpu) => cpu);
    this.costs = this.possibleCpus.map(() => 1);
    this.pending = this.possibleCpus.map(() => 0);
  }

  readonly timers = {
    earliest: (): number => first(this.expiries),
    expiryCycles: (timer: number): number => this.expiries.get(timer)!,
    cpuOf: (): number => 0,
  };

  readonly pageIns = {
    earliest: (): number => first(this.arrivals),
    arrivalCycles: (thread: number): number => this.arrivals.get(thread)!,
  };

  readonly activated = { take: (): number => this.woken.shift() ?? -1 };

  enumerate(): number {
    throw new Error('a timed director does not search');
  }

  currentOn(cpu: number): number {
    return this.current[cpu]!;
  }

  cyclesOf(cpu: number): number {
    return this.cycles[cpu]!;
  }

  canProgress(cpu: number): boolean {
    return !this.waiting.has(cpu);
  }

  isDeadlocked(): boolean {
    return this.current.every((thread, cpu) => thread < 0 || this.waiting.has(cpu));
  }

  pendingStores(cpu: number): number {
    return this.pending[cpu]!;
  }

  /** Gives an idle CPU something to do at a time. */
  wake(cpu: number, cycles: number): void {
    this.current[cpu] = cpu;
    this.cycles[cpu] = cycles;
    this.woken.push(cpu);
  }

  /** Does what a decision says. */
  carryOut(decision: Decision): void {
    const x = decisionX(decision);
    const y = decisionY(decision);
    switch (decisionKind(decision)) {
      case DecisionKind.Step:
        this.cycles[x]! += y * this.costs[x]!;
        break;
      case DecisionKind.Drain:
        this.pending[x]! -= 1;
        break;
      case DecisionKind.Timer:
        this.expiries.delete((x << 16) | y);
        break;
      case DecisionKind.PageIn:
        this.arrivals.delete(y);
        break;
    }
  }
}

function first(times: ReadonlyMap<number, number>): number {
  const sorted = [...times].sort((a, b) => a[1] - b[1]);
  return sorted[0]?.[0] ?? -1;
}
