/** Whether a thread that goes round begins as many operations in every round. */
export class EvenRounds {
  /** Reads so far where it was looked at last, at the end of a round; and the operations that were begun. */
  #reads = 0;
  #operations = 0;
  #ofRound = 0;

  /** Nothing is known yet. */
  begin(): void {
    this.#reads = this.#operations = this.#ofRound = 0;
  }

  /** Whether a round was seen from its beginning to its end. */
  get isKnown(): boolean {
    return this.#ofRound > 0;
  }

  /**
   * The thread has come to the end of a round.
   *
   * @param reads - since it was looked at first
   * @param period - reads of a round
   * @param operations - that it has begun
   * @returns whether rounds are alike as far as is known
   */
  ends(reads: number, period: number, operations: number): boolean {
    const rounds = (reads - this.#reads) / period;
    const begun = operations - this.#operations;
    const wasSeen = this.#reads > 0;
    this.#reads = reads;
    this.#operations = operations;
    if (this.isKnown) return begun === rounds * this.#ofRound;
    if (wasSeen && rounds === 1) this.#ofRound = begun;
    return true;
  }
}
