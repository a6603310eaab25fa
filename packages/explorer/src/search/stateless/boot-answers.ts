/**
 * Answers to what the machine asks before the first event: which of several threads a CPU begins
 * with. Each list of answers is the start of a search of its own.
 */
export class BootAnswers {
  /** Lists of answers that are still to be given. */
  readonly others: number[][] = [];
  /** Whether no run began with these answers yet. */
  isNew = true;
  #given: number[] = [];
  #isFixed = false;
  #asked = 0;

  /** What has been answered in this run. */
  get given(): readonly number[] {
    return this.#given;
  }

  /** Starts a search. @param isFixed whether other answers than these are somebody else's */
  begin(given: readonly number[], isFixed: boolean): void {
    this.#given = [...given];
    this.#isFixed = isFixed;
    this.others.length = 0;
    this.isNew = true;
  }

  /** Starts a run. */
  start(): void {
    this.#asked = 0;
  }

  /** Answers the next question. */
  answer(count: number): number {
    const at = this.#asked++;
    const known = this.#given[at];
    if (known !== undefined) return known;
    if (!this.#isFixed)
      for (let other = count - 1; other > 0; other--) this.others.push([...this.#given, other]);
    this.#given.push(0);
    return 0;
  }

  /** Moves to the next list of answers; false when all were given. */
  advance(): boolean {
    const next = this.others.pop();
    if (next === undefined) return false;
    this.#given = next;
    this.isNew = true;
    return true;
  }
}
