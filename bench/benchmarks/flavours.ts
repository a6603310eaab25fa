import { XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import { gracePeriodCycles } from '../workload/grace-period-cycles.js';
import { readSectionCycles } from '../workload/read-section-cycles.js';
import { READ_SIDES } from '../workload/read-sides.js';
import type { FlavourName, ReadSideName } from '../workload/read-sides.js';
import type { TableReport, TableRow } from '../report/table-report.js';
import type { Benchmark } from './benchmark.js';

/** What read sections and grace periods cost under each flavour of RCU, and sections under a lock. */
export const flavoursBenchmark: Benchmark = {
  name: 'flavours',
  title: 'read sections and grace periods of RCU by CPUs',
  contestants: {},
  measure: () =>
    Promise.resolve([flavoursReport([1, 8, 64, 256]), gracePeriodsReport([1, 8, 16, 32, 64])]),
};

const COST = XEON_E5_2630V3;
const NAMES = Object.keys(READ_SIDES) as ReadSideName[];

/** A flavour is flat when its sections cost no more than so many times those on one CPU. */
const FLAT = 1.25;

/** A lock has collapsed when its sections cost more than so many times those on one CPU. */
const COLLAPSED = 100;

/** ns of a read section with 8 readers and 1 writer. @source liburcu's own figures */
const PUBLISHED_NS: Readonly<Partial<Record<ReadSideName, number>>> = {
  qsbr: 1.96,
  memb: 3.86,
  bp: 3.95,
  mb: 96.4,
  'reader-writer lock': 420,
};

/** The table of read sections; the same every time. */
export function flavoursReport(cpus: readonly number[]): TableReport {
  const rows = NAMES.map((name): TableRow => {
    const cycles = cpus.map((count) => readSectionCycles(COST, name, count));
    const cells = [name, ...cycles, PUBLISHED_NS[name] ?? '-'];
    const worst = Math.max(...cycles) / cycles[0]!;
    if (name !== 'reader-writer lock') return { cells, passed: worst <= FLAT };
    return cpus.includes(256) ? { cells, passed: worst >= COLLAPSED } : { cells };
  });
  return {
    benchmark: 'flavours',
    title: `simulated cycles of a read section, one reader a CPU: ${COST.description}`,
    head: ['', ...cpus.map((count) => plural(count, 'CPU')), 'published, ns'],
    digits: 1,
    rows,
    notes: [
      'Published: liburcu, 8 readers and 1 writer, on another machine: the order is what compares.',
      `Wanted of flavours: no more than ${FLAT} times what a section costs on one CPU; and that the lock,`,
      `whose line goes from one reader to the next, has collapsed on 256: more than ${COLLAPSED} times.`,
    ],
  };
}

/** us of a grace period with 8 readers and 1 writer, from the shortest. @source liburcu's own figures */
const PUBLISHED_US: readonly (readonly [FlavourName, number | undefined])[] = [
  ['mb', 0.55],
  ['qsbr', 2.85],
  ['memb', 12.8],
  ['bp', 16.7],
  ['per-CPU', undefined],
];

/** The table of grace periods; the same every time. @param readers numbers of readers, 8 among them */
export function gracePeriodsReport(readers: readonly number[]): TableReport {
  const eight = readers.indexOf(8);
  let shortest = 0;
  const rows = PUBLISHED_US.map(([name, published]): TableRow => {
    const us = readers.map((count) => gracePeriodCycles(COST, name, count) / COST.frequencyMhz);
    if (published === undefined) return { cells: [name, ...us, '-'] };
    const passed = us[eight]! > shortest;
    shortest = us[eight]!;
    return { cells: [name, ...us, published], passed };
  });
  return {
    benchmark: 'flavours',
    title: `simulated us of a grace period beside readers that do nothing but read: ${COST.description}`,
    head: ['', ...readers.map((count) => plural(count, 'reader')), 'published, us'],
    digits: 2,
    rows,
    notes: [
      'Published: liburcu, 8 readers and 1 writer, on another machine. Wanted with 8 readers: the',
      'published order, each longer than the one above. Readers of qsbr tell their quiescent state',
      'every 1024 sections; updaters look 100 times before they sleep, as those of liburcu do.',
    ],
  };
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
