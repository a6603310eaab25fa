import {
  DecisionKind,
  NO_DECISION,
  decisionKind,
  decisionX,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';

/** How far the schedule of one execution may be from the simplest one; Infinity for no bound. */
export interface BoundLimits {
  /** Most kernel events. */
  readonly kernelEvents: number;
  /**
   * Most preemptions: changes to another thread while the thread that ran last could go on, whether
   * because a CPU beside it steps or because the kernel takes its CPU away.
   */
  readonly preemptions: number;
  /**
   * Most delays: the deterministic scheduler stays on its CPU while that can go on and then takes the
   * next one that can; every decision of it that is passed over is a delay.
   */
  readonly delays: number;
}

/** No bound at all. */
export const UNBOUNDED: BoundLimits = {
  kernelEvents: Infinity,
  preemptions: Infinity,
  delays: Infinity,
};

/**
 * Keeps the schedule of an execution within bounds.
 *
 * @source Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded
 *   Programs", PLDI 2007 (preemptions); Emmi, Qadeer and Rakamaric, "Delay-Bounded Scheduling",
 *   POPL 2011
 */
export class ScheduleBounds {
  /** Whether a bound kept any decision from being taken since {@link begin}. */
  reached = false;
  /** Kernel events of this execution. */
  events = 0;
  #limits: BoundLimits = UNBOUNDED;
  #preemptions = 0;
  #delays = 0;
  #cpu = -1;
  #thread = -1;
  readonly #preempts: boolean[] = [];
  readonly #delayed: number[] = [];
  #admitted: readonly Decision[] = [];
  #count = 0;
  /** The only decision there was, an exit that nobody notices: it says nothing of the schedule. */
  #isForced = false;

  /** Starts a search under these bounds. */
  begin(limits: BoundLimits): void {
    this.#limits = limits;
    this.reached = false;
  }

  /** Starts an execution. */
  start(): void {
    this.events = 0;
    this.#preemptions = 0;
    this.#delays = 0;
    this.#cpu = -1;
    this.#thread = -1;
  }

  /** Whether more than kernel events is bounded, so that paths have to be told apart by it. */
  get isActive(): boolean {
    return this.#limits.preemptions !== Infinity || this.#limits.delays !== Infinity;
  }

  /** A word that differs where the bounds allow different continuations. */
  get spent(): number {
    return Math.imul(
      Math.imul((this.#preemptions << 16) ^ this.#delays, 0x9e3779b1) ^ (this.#thread + 1),
      0x85ebca6b,
    );
  }

  /** Keeps those of the first `count` possible decisions that are within the bounds. */
  admit(point: DecisionPoint, possible: Decision[], count: number): number {
    this.#admitted = possible;
    this.#weigh(point, possible, count);
    const { kernelEvents, preemptions, delays } = this.#limits;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const decision = possible[i]!;
      const isWithin =
        (this.events < kernelEvents || !isKernelEvent(decision)) &&
        this.#preemptions + (this.#preempts[i]! ? 1 : 0) <= preemptions &&
        this.#delays + this.#delayed[i]! <= delays;
      if (!isWithin) {
        this.reached = true;
        continue;
      }
      possible[kept] = decision;
      this.#preempts[kept] = this.#preempts[i]!;
      this.#delayed[kept] = this.#delayed[i]!;
      kept += 1;
    }
    return (this.#count = kept);
  }

  /** How many answers to a question with `count` answers are within the bounds: the first ones. */
  admitAnswers(count: number): number {
    const kept = Math.min(count, this.#limits.delays - this.#delays + 1);
    if (kept < count) this.reached = true;
    return kept;
  }

  /** Notes that one of the decisions that {@link admit} kept is taken. */
  take(point: DecisionPoint, decision: Decision): void {
    if (decision === NO_DECISION) return;
    if (isKernelEvent(decision)) this.events += 1;
    const at = this.#admitted.indexOf(decision);
    if (at < 0 || at >= this.#count || this.#isForced) return;
    if (this.#preempts[at]!) this.#preemptions += 1;
    this.#delays += this.#delayed[at]!;
    if (decisionKind(decision) !== DecisionKind.Step) return;
    this.#cpu = decisionX(decision);
    this.#thread = point.currentOn(this.#cpu);
  }

  /** Notes the answer to a question. */
  takeAnswer(answer: number): void {
    this.#delays += answer;
  }

  #weigh(point: DecisionPoint, possible: readonly Decision[], count: number): void {
    const couldGoOn =
      this.#cpu >= 0 && point.currentOn(this.#cpu) === this.#thread && point.canProgress(this.#cpu);
    let steps = 0;
    let first = -1;
    while (steps < count && decisionKind(possible[steps]!) === DecisionKind.Step) {
      if (first < 0 && decisionX(possible[steps]!) >= this.#cpu) first = steps;
      steps += 1;
    }
    this.#isForced =
      count === 1 && steps === 1 && couldGoOn && decisionX(possible[0]!) !== this.#cpu;
    for (let i = 0; i < count; i++) {
      const decision = possible[i]!;
      if (this.#isForced) {
        this.#preempts[i] = false;
        this.#delayed[i] = 0;
      } else if (i < steps) {
        this.#preempts[i] = couldGoOn && decisionX(decision) !== this.#cpu;
        this.#delayed[i] = (i - Math.max(first, 0) + steps) % steps;
      } else {
        this.#preempts[i] = couldGoOn && takesCpu(decision, this.#cpu, this.#thread);
        this.#delayed[i] = isKernelEvent(decision) ? 0 : i;
      }
    }
  }
}

/** Whether a decision takes the CPU from the thread that runs on it. */
function takesCpu(decision: Decision, cpu: number, thread: number): boolean {
  switch (decisionKind(decision)) {
    case DecisionKind.Preempt:
    case DecisionKind.Offline:
      return decisionX(decision) === cpu;
    case DecisionKind.Migrate:
    case DecisionKind.PageOut:
      return (decision & 0xffff) === thread;
    default:
      return false;
  }
}
