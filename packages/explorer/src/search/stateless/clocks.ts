const INITIAL_ROWS = 1 << 8;

/**
 * A vector clock for every event of a log: how many events of each process happened before it, the
 * event itself included.
 */
export class Clocks {
  readonly #processes: number;
  #rows: Int32Array;

  constructor(processes: number) {
    this.#processes = processes;
    this.#rows = new Int32Array(INITIAL_ROWS * processes);
  }

  /** Starts the clock of an event as a copy of that of another one, or from zero for -1. */
  begin(event: number, from: number): void {
    const processes = this.#processes;
    if ((event + 1) * processes > this.#rows.length) {
      const rows = new Int32Array(this.#rows.length * 2);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    const rows = this.#rows;
    const at = event * processes;
    if (from < 0) for (let i = 0; i < processes; i++) rows[at + i] = 0;
    else {
      const source = from * processes;
      for (let i = 0; i < processes; i++) rows[at + i] = rows[source + i]!;
    }
  }

  /** Sets what an event knows of a process. */
  set(event: number, process: number, index: number): void {
    this.#rows[event * this.#processes + process] = index;
  }

  /** What an event knows of a process: the number of the last event of it that happened before. */
  of(event: number, process: number): number {
    return this.#rows[event * this.#processes + process]!;
  }

  /** Makes an event happen after another one and all that happened before that. */
  join(event: number, other: number): void {
    const processes = this.#processes;
    const rows = this.#rows;
    const at = event * processes;
    const source = other * processes;
    for (let i = 0; i < processes; i++)
      if (rows[source + i]! > rows[at + i]!) rows[at + i] = rows[source + i]!;
  }
}
