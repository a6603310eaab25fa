import {
  DecisionKind,
  NO_DECISION,
  decisionKind,
  decisionX,
  decisionY,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director, Machine } from '@rseqlab/sim-machine';
import { DECISION_OF } from './injection.js';
import type { Injection } from './injection.js';
import type { SectionWatch } from './section-watch.js';
import { Xorshift } from './xorshift.js';

/** What is injected, where, and how often. */
export interface InjectionPlan {
  readonly seed: number;
  readonly kinds: readonly Injection[];
  /** Injection points: the n-th instruction of a section; empty for all. */
  readonly points: readonly number[];
  /** One in so many arrivals at a point is used. */
  readonly oneIn: number;
}

/** One in so many decisions takes turns among threads that are in no section. */
const TURN_ONE_IN = 32;
const LOOP_DECISIONS = 60;

/** Runs threads in a random order, and acts on those that are at an injection point. */
export class StressDirector implements Director {
  readonly name = 'stress';
  readonly scheduling = 'free';
  readonly granularity = 'instruction';
  /** How often each injection was carried out at each point. */
  readonly injected = new Map<Injection, number[]>();
  readonly #plan: InjectionPlan;
  readonly #random: Xorshift;
  readonly #possible: Decision[] = [];
  /** CPUs that stand still, and for how many decisions. */
  readonly #standing = new Map<number, number>();
  #machine: Machine | undefined;
  #watch: SectionWatch | undefined;

  constructor(plan: InjectionPlan) {
    this.#plan = plan;
    this.#random = new Xorshift(plan.seed);
  }

  /** Tells it what it acts on; before the run. */
  observe(machine: Machine, watch: SectionWatch): void {
    this.#machine = machine;
    this.#watch = watch;
  }

  decide(point: DecisionPoint): Decision {
    const count = point.enumerate(this.#possible);
    if (count === 0) return NO_DECISION;
    const possible = this.#possible.slice(0, count);
    const injected = this.#inject(point, possible);
    if (injected !== undefined) return injected;
    if (this.#random.below(TURN_ONE_IN) === 0) {
      const turn = this.#pick(possible.filter((decision) => isTurn(decision)));
      if (turn !== undefined) return turn;
    }
    const progress = possible.filter((decision) => !isKernelEvent(decision));
    const moving = progress.filter((decision) => !this.#stands(decision));
    return this.#pick(moving) ?? this.#pick(progress) ?? this.#pick(possible) ?? NO_DECISION;
  }

  choose(_kind: number, count: number): number {
    return this.#random.below(count);
  }

  #inject(point: DecisionPoint, possible: readonly Decision[]): Decision | undefined {
    const { kinds, points, oneIn } = this.#plan;
    const cpu = point.possibleCpus[this.#random.below(point.possibleCpus.length)]!;
    const thread = point.currentOn(cpu);
    if (thread < 0 || kinds.length === 0 || this.#random.below(oneIn) !== 0) return undefined;
    const at = this.#watch?.pointOf(thread) ?? 0;
    if (at === 0 || (points.length > 0 && !points.includes(at))) return undefined;
    const kind = kinds[this.#random.below(kinds.length)]!;
    if (DECISION_OF[kind] === undefined) {
      if (this.#standing.has(cpu)) return undefined;
      this.#standing.set(cpu, LOOP_DECISIONS);
      this.#count(kind, at);
      return undefined;
    }
    const chosen = this.#pick(possible.filter((one) => this.#carriesOut(one, kind, cpu, thread)));
    if (chosen !== undefined) this.#count(kind, at);
    return chosen;
  }

  #carriesOut(decision: Decision, kind: Injection, cpu: number, thread: number): boolean {
    if (decisionKind(decision) !== DECISION_OF[kind]) return false;
    if (kind === 'yield') return decisionX(decision) === cpu;
    if (kind === 'kill') return decisionY(decision) === this.#machine?.threads.process[thread];
    return decisionY(decision) === thread;
  }

  #stands(decision: Decision): boolean {
    if (decisionKind(decision) !== DecisionKind.Step) return false;
    const cpu = decisionX(decision);
    const left = this.#standing.get(cpu) ?? 0;
    if (left <= 1) this.#standing.delete(cpu);
    else this.#standing.set(cpu, left - 1);
    return left > 0;
  }

  #pick(decisions: readonly Decision[]): Decision | undefined {
    return decisions[decisions.length === 0 ? 0 : this.#random.below(decisions.length)];
  }

  #count(kind: Injection, at: number): void {
    const counts = this.injected.get(kind) ?? [];
    while (counts.length <= at) counts.push(0);
    counts[at]! += 1;
    this.injected.set(kind, counts);
  }
}

function isTurn(decision: Decision): boolean {
  const kind = decisionKind(decision);
  return kind === DecisionKind.Preempt || kind === DecisionKind.Migrate;
}
