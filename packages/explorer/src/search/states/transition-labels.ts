/** Names transitions: a decision and the answers to the questions that come up in it, as a number. */
export class TransitionLabels {
  readonly #scripts: (readonly number[])[] = [];
  readonly #byDecision = new Map<number, number>();
  readonly #byName = new Map<string, number>();

  /** The number of a transition; a decision of -1 stands for the start of a run. */
  of(decision: number, answers: readonly number[]): number {
    if (answers.length > 0) return this.#named(decision, answers);
    let label = this.#byDecision.get(decision);
    if (label === undefined) {
      label = this.#scripts.push(decision < 0 ? [] : [decision]) - 1;
      this.#byDecision.set(decision, label);
    }
    return label;
  }

  /** Decisions and answers of transitions, one behind the other. */
  decisionsOf(labels: readonly number[]): number[] {
    return labels.flatMap((label) => this.#scripts[label]!);
  }

  #named(decision: number, answers: readonly number[]): number {
    const name = `${decision}:${answers.join()}`;
    let label = this.#byName.get(name);
    if (label === undefined) {
      const script = decision < 0 ? [...answers] : [decision, ...answers];
      label = this.#scripts.push(script) - 1;
      this.#byName.set(name, label);
    }
    return label;
  }
}
