import { NO_DECISION } from '@rseqlab/sim-machine';
import type { Decision, Director } from '@rseqlab/sim-machine';

/** Makes the decisions it is given, answers what it was not told with 0, and stops. */
export class ProbeDirector implements Director {
  readonly name = 'probe';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** Answers that each question had which came up since {@link follow}. */
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

  /** Whether everything it was told was decided. */
  get isOver(): boolean {
    return this.#at === this.#script.length;
  }

  /** The decision that it was told to make next. */
  next(): number {
    return this.#script[this.#at++]!;
  }

  decide(): Decision {
    return this.isOver ? NO_DECISION : (this.next() as Decision);
  }

  choose(_kind: number, count: number): number {
    const answer = this.#at < this.#script.length ? this.#script[this.#at++]! & 0xffff : 0;
    this.questions.push(count);
    this.answers.push(answer);
    return answer;
  }
}
