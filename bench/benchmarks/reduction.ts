import { ScenarioRunner, StatelessSearch } from '@rseqlab/explorer';
import type { TableRow } from '../report/table-report.js';
import { EveryPathDirector } from '../workload/every-path-director.js';
import { REDUCED } from '../workload/reduced-scenarios.js';
import type { Reduced } from '../workload/reduced-scenarios.js';
import type { Benchmark } from './benchmark.js';

const DECISIONS = 10_000;

/** Interleavings after which counting them ends. */
const MOST_PATHS = 100_000;

/** How much fewer executions a search of classes takes than all interleavings. */
export const reductionBenchmark: Benchmark = {
  name: 'reduction',
  title: 'executions of a search of classes, how many of them are redundant, and all interleavings',
  contestants: {},
  measure() {
    const { name, title } = this;
    return Promise.resolve([
      {
        benchmark: name,
        title,
        head: ['', 'kernel events', 'classes', 'executions', 'redundant', 'interleavings'],
        digits: 0,
        rows: REDUCED.map(reduced),
        notes: [`counted up to ${MOST_PATHS.toLocaleString('en')} interleavings`],
      },
    ]);
  },
};

/** A row; as wanted where no interleaving is executed twice, and every search comes to its end. */
function reduced({ checked, kernelEvents }: Reduced): TableRow {
  const limits = { kernelEvents, executions: MOST_PATHS, decisions: DECISIONS };
  const { classes, executions, redundant, end } = new StatelessSearch(checked).run(limits);
  const paths = interleavings(checked, kernelEvents);
  return {
    cells: [checked.name, kernelEvents, classes, executions, redundant, paths ?? 'more'],
    passed: (end === 'all' || end === 'bounded') && executions <= (paths ?? MOST_PATHS),
  };
}

/** How many interleavings there are; undefined for too many. */
function interleavings(checked: Reduced['checked'], bound: number): number | undefined {
  const director = new EveryPathDirector(bound);
  const runner = new ScenarioRunner(checked, director);
  let count = 0;
  do {
    if (count === MOST_PATHS) return undefined;
    runner.run(director, { decisions: DECISIONS });
    count += 1;
  } while (director.advance());
  return count;
}
