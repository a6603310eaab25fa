const INITIAL_CELLS = 1 << 8;

/** Integers that can be taken back to what they were at an earlier mark. */
export class UndoCells {
  #cells: Int32Array;
  readonly #initial: number;
  #log = new Int32Array(INITIAL_CELLS * 2);
  #count = 0;

  /** @param initial what every cell holds at first */
  constructor(initial: number) {
    this.#initial = initial;
    this.#cells = new Int32Array(INITIAL_CELLS).fill(initial);
  }

  /** Where the record of changes stands; see {@link undo}. */
  get mark(): number {
    return this.#count;
  }

  /** What a cell holds. */
  get(cell: number): number {
    return cell < this.#cells.length ? this.#cells[cell]! : this.#initial;
  }

  /** Changes a cell. */
  set(cell: number, value: number): void {
    if (cell >= this.#cells.length) this.#growCells(cell);
    if (this.#count + 2 > this.#log.length) this.#growLog();
    this.#log[this.#count] = cell;
    this.#log[this.#count + 1] = this.#cells[cell]!;
    this.#count += 2;
    this.#cells[cell] = value;
  }

  /** Takes back all changes made since a mark. */
  undo(mark: number): void {
    const log = this.#log;
    for (let at = this.#count - 2; at >= mark; at -= 2) this.#cells[log[at]!] = log[at + 1]!;
    this.#count = mark;
  }

  #growCells(cell: number): void {
    const cells = new Int32Array(Math.max(this.#cells.length * 2, cell + 1)).fill(this.#initial);
    cells.set(this.#cells);
    this.#cells = cells;
  }

  #growLog(): void {
    const log = new Int32Array(this.#log.length * 2);
    log.set(this.#log);
    this.#log = log;
  }
}
