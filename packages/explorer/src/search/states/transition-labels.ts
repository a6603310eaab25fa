import { EdgeTable } from './edge-table.js';

/** Names transitions: a decision and the answers to the questions that come up in it, as a number. */
export class TransitionLabels {
  readonly #scripts: (readonly number[])[] = [];
  readonly #byDecision = new Map<number, number>();
  readonly #byAnswer = new EdgeTable();

  /** The number of a decision; one of -1 stands for the start of a run. */
  of(decision: number): number {
    let label = this.#byDecision.get(decision);
    if (label === undefined) {
      label = this.#scripts.push(decision < 0 ? [] : [decision]) - 1;
      this.#byDecision.set(decision, label);
    }
    return label;
  }

  /** The number of a transition with more answers than another. */
  with(label: number, answers: readonly number[]): number {
    let longer = label;
    for (let i = 0; i < answers.length; i++) longer = this.#next(longer, answers[i]!);
    return longer;
  }

  /** Decisions and answers of transitions, one behind the other. */
  decisionsOf(labels: readonly number[]): number[] {
    return labels.flatMap((label) => this.#scripts[label]!);
  }

  #next(label: number, answer: number): number {
    const known = this.#byAnswer.find(label, answer);
    if (known >= 0) return known;
    const longer = this.#scripts.push([...this.#scripts[label]!, answer]) - 1;
    this.#byAnswer.add(label, answer, longer);
    return longer;
  }
}
