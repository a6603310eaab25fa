import type { Plot } from '../plot/plot.js';

/** One line of a table: its label, then figures or words under each head. */
export interface TableRow {
  readonly cells: readonly (number | string)[];
  /** Whether the line is as wanted; absent where nothing is. */
  readonly passed?: boolean;
}

/** What a benchmark computed, where nothing was measured and everything repeats exactly. */
export interface TableReport {
  readonly benchmark: string;
  readonly title: string;
  /** One for each cell of a row. */
  readonly head: readonly string[];
  /** Digits behind the point. */
  readonly digits: number;
  readonly rows: readonly TableRow[];
  /** What the rows are to be read with. */
  readonly notes: readonly string[];
  /** The same as a picture, where there is one. */
  readonly plot?: Plot;
}
