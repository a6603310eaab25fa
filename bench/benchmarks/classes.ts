import { StatelessSearch } from '@rseqlab/explorer';
import type { PassCounts } from '@rseqlab/explorer';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { TableRow } from '../report/table-report.js';
import { fibonacci } from '../workload/class-scenarios.js';
import type { Benchmark } from './benchmark.js';

/** Sums of each thread. */
const SUMS = 5;
const EXECUTIONS = 20_000;
const REQUIRED = 50_000;
const DECISIONS = 10_000;

/** Classes of the whole search, under `sc`. */
const CLASSES = 218_243;

/** How fast classes are searched, and whether all of them are found. */
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
        title: 'the whole search',
        head: ['', 'classes', 'executions', 'expected'],
        digits: 0,
        rows: [whole()],
        notes: [],
      },
    ];
  },
};

function round(memory: 'sc' | 'tso'): Round {
  const search = new StatelessSearch(fibonacci(SUMS, memory));
  const limits = { kernelEvents: 0, executions: EXECUTIONS, decisions: DECISIONS };
  let classes = 0;
  // As whoever shows progress does, which is every command.
  const listen = (counts: PassCounts): void => {
    ({ classes } = counts);
  };
  return () =>
    sample(() => {
      const { executions } = search.run(limits, listen);
      if (classes === 0) throw new Error('expected to be told of classes, got none');
      return { work: executions };
    });
}

function whole(): TableRow {
  const search = new StatelessSearch(fibonacci(SUMS, 'sc'));
  const limits = { kernelEvents: 0, executions: Infinity, decisions: DECISIONS };
  const { classes, executions } = search.run(limits);
  return {
    cells: ['sc', classes, executions, CLASSES],
    passed: classes === CLASSES && executions === CLASSES,
  };
}
