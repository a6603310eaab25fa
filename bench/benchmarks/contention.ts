import { EPYC } from '@rseqlab/sim-machine';
import type { TableReport, TableRow } from '../report/table-report.js';
import { contendedAddNs } from '../workload/contended-add-ns.js';
import { readSectionCycles } from '../workload/read-section-cycles.js';
import type { Benchmark } from './benchmark.js';

/** What many CPUs pay for one cache line. */
export const contentionBenchmark: Benchmark = {
  name: 'contention',
  title: 'one word that all CPUs add to, predicted and published',
  contestants: {},
  measure: () => Promise.resolve([contentionReport()]),
};

/** How far a prediction may be from what was published, in percent. */
const WANTED_PERCENT = 50;

interface Figure {
  readonly what: string;
  readonly predictedNs: number;
  readonly publishedNs: number;
}

/** @source RCU and rseq figures as published: 64 threads that increment; SRCU against a rwlock, 192 CPUs */
function figures(): readonly Figure[] {
  const lockNs = (cpus: number): number =>
    (readSectionCycles(EPYC, 'reader-writer lock', cpus) * 1000) / EPYC.frequencyMhz;
  return [
    { what: 'atomic add, 64 threads', predictedNs: contendedAddNs(EPYC, 64), publishedNs: 955.76 },
    { what: 'reader-writer lock, 1 CPU', predictedNs: lockNs(1), publishedNs: 11.9 },
    { what: 'reader-writer lock, 192 CPUs', predictedNs: lockNs(192), publishedNs: 4816 },
  ];
}

/** The table; the same every time. */
export function contentionReport(): TableReport {
  const rows = figures().map(({ what, predictedNs, publishedNs }): TableRow => {
    const errorPercent = (predictedNs / publishedNs - 1) * 100;
    return {
      cells: [what, predictedNs, publishedNs, errorPercent],
      passed: Math.abs(errorPercent) <= WANTED_PERCENT,
    };
  });
  return {
    benchmark: 'contention',
    title: `ns an operation when all want one line, predicted and published: ${EPYC.description}`,
    head: ['', 'predicted', 'published', 'error %'],
    digits: 1,
    rows,
    notes: [
      `The published machines are not named; wanted within ${WANTED_PERCENT}%. Nothing was fitted: a line goes`,
      'from one CPU to the next, at the cost of a transfer and of the atomic. Predicted is one node, in',
      'which all CPUs get their turn; real ones give a line to their neighbours first, and are less fair.',
    ],
  };
}
