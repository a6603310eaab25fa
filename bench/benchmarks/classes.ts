import { ScenarioRunner, StatelessSearch } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { TableRow } from '../report/table-report.js';
import { counting, fibonacci, pushing } from '../workload/class-scenarios.js';
import { EveryPathDirector } from '../workload/every-path-director.js';
import type { Benchmark } from './benchmark.js';

/** Sums of each thread; the whole search has 218,243 classes under `sc`. */
const SUMS = 5;
const EXECUTIONS = 20_000;
const REQUIRED = 50_000;
const DECISIONS = 10_000;

/** Interleavings after which counting them ends. */
const MOST_PATHS = 100_000;

/** What is counted with the reduction and without, each with its bound on kernel events. */
const REDUCED: readonly (readonly [checked: Scenario, bound: number])[] = [
  [fibonacci(1, 'sc'), 0],
  [fibonacci(2, 'sc'), 0],
  [fibonacci(1, 'tso'), 0],
  [counting(2, 2), 0],
  [counting(2, 2), 1],
  [counting(2, 1), 2],
  [counting(3, 2), 1],
  [pushing(2, 2), 0],
  [pushing(2, 2), 1],
  [pushing(2, 1), 1],
];

/** How fast classes are searched, and how much fewer executions that takes than all interleavings. */
export const classesBenchmark: Benchmark = {
  name: 'classes',
  title: `classes searched: fib with checker, n = ${SUMS}, everything from the set-up on included`,
  contestants: { sc: () => round('sc'), tso: () => round('tso') },
  async measure({ rounds, contestant }) {
    const tournament = new Tournament(['sc', 'tso'].map(contestant));
    await tournament.play(rounds);
    const { name, title } = this;
    return [
      {
        benchmark: name,
        title,
        unit: 'executions/s',
        rows: [
          judged('sc', tournament.rate('sc'), undefined, REQUIRED),
          { label: 'tso', value: tournament.rate('tso') },
        ],
      },
      {
        benchmark: name,
        title: 'the reduction: executions, and how many of them are redundant',
        head: ['', 'kernel events', 'classes', 'executions', 'redundant', 'interleavings'],
        digits: 0,
        rows: REDUCED.map(([checked, bound]) => reduced(checked, bound)),
        notes: [`counted up to ${MOST_PATHS.toLocaleString('en')} interleavings`],
      },
    ];
  },
};

function round(memory: 'sc' | 'tso'): Round {
  const search = new StatelessSearch(fibonacci(SUMS, memory));
  const limits = { kernelEvents: 0, executions: EXECUTIONS, decisions: DECISIONS };
  return () => sample(() => ({ work: search.run(limits).executions }));
}

function reduced(checked: Scenario, bound: number): TableRow {
  const limits = { kernelEvents: bound, executions: Infinity, decisions: DECISIONS };
  const { classes, executions, redundant } = new StatelessSearch(checked).run(limits);
  const paths = interleavings(checked, bound);
  const counted = paths === undefined ? `more` : paths;
  return { cells: [checked.name, bound, classes, executions, redundant, counted] };
}

/** How many interleavings there are; undefined for too many. */
function interleavings(checked: Scenario, bound: number): number | undefined {
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
