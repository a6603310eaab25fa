import type { TraceAccess, TraceRow } from './run-trace.js';
import type { SourceFrame } from './source-frame.js';

/** A row that is still being added to. */
export interface OpenRow extends TraceRow {
  text: string;
  note?: string;
  place?: string;
  source?: SourceFrame;
  readonly accesses: TraceAccess[];
}

/** Accesses of one row that are kept; a step of thousands of instructions has as many. */
const MOST_ACCESSES = 16;

/** Rows that are kept: the last ones, which are those that lead to what was found. */
const KEPT_ROWS = 10_000;

/** The rows of a trace while it is recorded: that of a step grows while the step goes on. */
export class TraceRows {
  #rows: OpenRow[] = [];
  #omitted = 0;
  #decided: OpenRow | undefined;

  /** The rows so far, in order, without those that were too many. */
  get all(): readonly TraceRow[] {
    this.#trim();
    return this.#rows;
  }

  /** How many rows came before those that are kept. */
  get omitted(): number {
    this.#trim();
    return this.#omitted;
  }

  /** The row of the present decision, or of the present part of a step. */
  get decided(): OpenRow | undefined {
    return this.#decided;
  }

  /** A decision is about to be carried out, or a step goes on with another operation. */
  decide(row: Omit<TraceRow, 'accesses'>): OpenRow {
    const open: OpenRow = { ...row, accesses: [] };
    this.#decided = open;
    this.#push(open);
    return open;
  }

  /** Something followed from the present decision. */
  follow(row: Omit<TraceRow, 'accesses'>): void {
    this.#push({ ...row, accesses: [] });
  }

  /** Takes a row back, if it is among the last ones. */
  drop(row: OpenRow): void {
    const at = this.#rows.lastIndexOf(row);
    if (at >= 0) this.#rows.splice(at, 1);
  }

  /** The present decision made an access. */
  access(access: TraceAccess): void {
    const accesses = this.#decided?.accesses;
    if (accesses !== undefined && accesses.length < MOST_ACCESSES) accesses.push(access);
  }

  #push(row: OpenRow): void {
    this.#rows.push(row);
    if (this.#rows.length >= 2 * KEPT_ROWS) this.#trim();
  }

  #trim(): void {
    const surplus = this.#rows.length - KEPT_ROWS;
    if (surplus <= 0) return;
    this.#rows = this.#rows.slice(surplus);
    this.#omitted += surplus;
  }
}
