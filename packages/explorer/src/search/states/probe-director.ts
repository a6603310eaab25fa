import { NO_DECISION } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';

/** Makes the decisions it is given, answers what it was not told with 0, and stops. */
export class ProbeDirector implements Director {
  readonly name = 'probe';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** What is possible where it stopped. */
  readonly possible: Decision[] = [];
  /** How many decisions that are. */
  count = 0;
  /** Answers that each question had which came up behind {@link mark}. */
  readonly questions: number[] = [];
  /** The answers that were given to them. */
  readonly answers: number[] = [];
  #script: readonly number[] = [];
  #at = 0;

  /** Decides so from now on. */
  follow(script: readonly number[]): void {
    this.#script = script;
    this.#at = 0;
    this.questions.length = 0;
    this.answers.length = 0;
  }

  decide(point: DecisionPoint): Decision {
    if (this.#at < this.#script.length) return this.#script[this.#at++]! as Decision;
    this.count = point.enumerate(this.possible);
    return NO_DECISION;
  }

  choose(_kind: number, count: number): number {
    const answer = this.#at < this.#script.length ? this.#script[this.#at++]! & 0xffff : 0;
    this.questions.push(count);
    this.answers.push(answer);
    return answer;
  }
}
