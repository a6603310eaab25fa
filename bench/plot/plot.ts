/** A line of a plot. */
export interface PlotLine {
  readonly name: string;
  /** Which of the plot's colours it has, from 0: the same thing has the same in all plots. */
  readonly colour: number;
  /** Points; both coordinates positive, on axes that are logarithmic. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Whether it is what the others are compared with: drawn dashed. */
  readonly isReference?: boolean;
}

/** What a benchmark has to show as a picture. */
export interface Plot {
  readonly title: string;
  /** What was measured, and where. */
  readonly subtitle: string;
  readonly xName: string;
  readonly yName: string;
  readonly lines: readonly PlotLine[];
}
