/** A timer that is looked at: due once in each period. */
export class PeriodTimer {
  readonly #periodNs: number;
  #dueNs = Infinity;

  /** @param periodNs 0 for never */
  constructor(periodNs: number) {
    this.#periodNs = periodNs;
  }

  /** When it is due next; Infinity for never. */
  get dueNs(): number {
    return this.#dueNs;
  }

  /** Has it due in one period. */
  begin(nowNs: number): void {
    if (this.#periodNs > 0) this.#dueNs = nowNs + this.#periodNs;
  }

  /** Whether it is due; periods that were slept through are made up for by one time. */
  take(nowNs: number): boolean {
    if (nowNs < this.#dueNs) return false;
    const missed = Math.floor((nowNs - this.#dueNs) / this.#periodNs);
    this.#dueNs += (missed + 1) * this.#periodNs;
    return true;
  }
}
