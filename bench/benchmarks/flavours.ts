import { XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import { READ_SIDES, readSectionCycles } from '../workload/read-section-cycles.js';
import type { ReadSideName } from '../workload/read-section-cycles.js';
import type { TableReport, TableRow } from '../report/table-report.js';
import type { Benchmark } from './benchmark.js';

/** What a read section costs under each flavour of RCU, and under a lock. */
export const flavoursBenchmark: Benchmark = {
  name: 'flavours',
  title: 'read sections of RCU by CPUs',
  contestants: {},
  measure: () => Promise.resolve([flavoursReport([1, 8, 64, 256])]),
};

const NAMES = Object.keys(READ_SIDES) as ReadSideName[];

/** A flavour is flat when its sections cost no more than so many times those on one CPU. */
const FLAT = 1.25;

/** ns of liburcu with 8 readers. @source liburcu's own figures: 8 readers and 1 writer */
const PUBLISHED_NS: Readonly<Partial<Record<ReadSideName, number>>> = {
  qsbr: 1.96,
  memb: 3.86,
  bp: 3.95,
  mb: 96.4,
  'reader-writer lock': 420,
};

/** The table; the same every time. */
export function flavoursReport(cpus: readonly number[]): TableReport {
  const cost = XEON_E5_2630V3;
  const rows = NAMES.map((name): TableRow => {
    const cycles = cpus.map((count) => readSectionCycles(cost, name, count));
    const cells = [name, ...cycles, PUBLISHED_NS[name] ?? '-'];
    if (name === 'reader-writer lock') return { cells };
    return { cells, passed: Math.max(...cycles) <= FLAT * cycles[0]! };
  });
  return {
    benchmark: 'flavours',
    title: `simulated cycles of a read section, one reader a CPU: ${cost.description}`,
    head: ['', ...cpus.map((count) => `${count} CPU${count === 1 ? '' : 's'}`), 'published, ns'],
    digits: 1,
    rows,
    notes: [
      'Published: liburcu, 8 readers and 1 writer, on another machine: the order is what compares.',
      `Wanted: no more than ${FLAT} times what it costs on one CPU. A line that is on its way is not`,
      'waited for in turn, so that a lock costs a transfer for each access, however many wait for it.',
    ],
  };
}
