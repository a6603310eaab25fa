import {
  DecisionKind,
  NO_DECISION,
  decisionKind,
  decisionX,
  decisionY,
  encodeDecision,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type {
  ChoiceKind,
  Decision,
  DecisionPoint,
  Director,
  Granularity,
  SchedulingMode,
} from '@rseqlab/sim-machine';
import type { ScheduleCost } from './schedule-cost.js';

/** Stands for no thread: an event, an arrival or a choice is nobody's step. */
export const NOBODY = -1;

/**
 * Follows a list of decisions as far as that is possible: what is not possible any more is skipped, and
 * behind the list every thread goes on for as long as it can.
 *
 * Invariant: what it decided is a schedule in its own right, which a replay follows to the letter.
 */
export class TolerantDirector implements Director {
  readonly name = 'tolerant';
  readonly scheduling: SchedulingMode;
  readonly granularity: Granularity;
  /** Asked before every decision; true ends the run. */
  isOver: () => boolean = () => false;
  /** What was decided in this run. */
  readonly taken: number[] = [];
  /** The thread of every step among {@link taken}, NOBODY elsewhere. */
  readonly actors: number[] = [];
  #script: readonly number[] = [];
  #position = 0;
  #lastCpu = -1;
  readonly #possible: Decision[] = [];

  constructor(scheduling: SchedulingMode, granularity: Granularity) {
    this.scheduling = scheduling;
    this.granularity = granularity;
  }

  /** Follows another list from the next run on. */
  follow(script: readonly number[]): void {
    this.#script = script;
  }

  start(): void {
    this.#position = 0;
    this.#lastCpu = -1;
    this.taken.length = 0;
    this.actors.length = 0;
  }

  decide(point: DecisionPoint): Decision {
    if (this.isOver()) return NO_DECISION;
    const count = point.enumerate(this.#possible);
    for (const script = this.#script; this.#position < script.length;) {
      const wanted = script[this.#position++]! as Decision;
      const possible = this.#matching(wanted, count);
      if (possible) return this.#take(wanted, point);
    }
    return this.#goOn(count, point);
  }

  choose(kind: ChoiceKind, count: number): number {
    const next = this.#script[this.#position] as Decision | undefined;
    const isAnswer =
      next !== undefined && decisionKind(next) === DecisionKind.Choice && decisionX(next) === kind;
    if (isAnswer) this.#position += 1;
    const answer = isAnswer ? Math.min(decisionY(next), count - 1) : 0;
    this.taken.push(encodeDecision(DecisionKind.Choice, kind, answer));
    this.actors.push(NOBODY);
    return answer;
  }

  /** What it decided, counted. */
  get cost(): ScheduleCost {
    let switches = 0;
    let last = NOBODY;
    for (const actor of this.actors) {
      if (actor === NOBODY) continue;
      if (last !== NOBODY && actor !== last) switches += 1;
      last = actor;
    }
    const kernelEvents = this.taken.filter((decision) =>
      isKernelEvent(decision as Decision),
    ).length;
    return { switches, kernelEvents, decisions: this.taken.length };
  }

  /** Whether a decision is possible; a step may have another budget than the one that is offered. */
  #matching(wanted: Decision, count: number): boolean {
    const isStep = decisionKind(wanted) === DecisionKind.Step;
    for (let i = 0; i < count; i++) {
      const offered = this.#possible[i]!;
      if (offered === wanted) return true;
      if (
        isStep &&
        decisionKind(offered) === DecisionKind.Step &&
        decisionX(offered) === decisionX(wanted)
      )
        return true;
    }
    return false;
  }

  /** The CPU that stepped last steps on; else the first that can; else what is due by itself. */
  #goOn(count: number, point: DecisionPoint): Decision {
    let best: Decision = NO_DECISION;
    for (let i = 0; i < count; i++) {
      const offered = this.#possible[i]!;
      if (isKernelEvent(offered)) break;
      const isStep = decisionKind(offered) === DecisionKind.Step;
      if (isStep && decisionX(offered) === this.#lastCpu) return this.#take(offered, point);
      if (best === NO_DECISION) best = offered;
    }
    if (best === NO_DECISION) best = this.#makeWay(count, point);
    return best === NO_DECISION ? best : this.#take(best, point);
  }

  /** A preemption of a thread that waits for one behind it in the queue, where nothing else helps. */
  #makeWay(count: number, point: DecisionPoint): Decision {
    if (count === 0 || point.isDeadlocked()) return NO_DECISION;
    for (let i = 0; i < count; i++)
      if (decisionKind(this.#possible[i]!) === DecisionKind.Preempt) return this.#possible[i]!;
    return NO_DECISION;
  }

  #take(decision: Decision, point: DecisionPoint): Decision {
    const isStep = decisionKind(decision) === DecisionKind.Step;
    if (isStep) this.#lastCpu = decisionX(decision);
    this.taken.push(decision);
    this.actors.push(isStep ? point.currentOn(decisionX(decision)) : NOBODY);
    return decision;
  }
}
