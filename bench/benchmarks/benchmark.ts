import type { EngineWork } from '../measure/engine-flags.js';
import type { Contestant } from '../measure/contestant.js';
import type { Round } from '../measure/sample.js';
import type { Report } from '../report/report.js';
import type { TableReport } from '../report/table-report.js';
import type { CYardstick } from '../yardstick/c-yardstick.js';

/** What a benchmark is given. */
export interface Stage {
  /** Rounds that count. */
  readonly rounds: number;
  /** The C interpreter. */
  readonly yardstick: CYardstick;
  /** One of the benchmark's contestants, in a process of its own. */
  contestant(name: string): Contestant;
}

/** A question, and how to answer it in one run. */
export interface Benchmark {
  readonly name: string;
  /** One line on what is measured. */
  readonly title: string;
  /** Which of the command's engine flags the contestants run under; default those of a search. */
  readonly work?: EngineWork;
  /** Makes the round of each contestant; in the process that plays it. */
  readonly contestants: Readonly<Record<string, () => Round>>;
  /** Plays the contestants against each other. */
  measure(stage: Stage): Promise<readonly (Report | TableReport)[]>;
}
