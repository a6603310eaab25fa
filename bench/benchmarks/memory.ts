import { LONG_SEARCHES, heapUse } from '../workload/heap-use.js';
import type { LongSearch } from '../workload/heap-use.js';
import type { TableRow } from '../report/table-report.js';
import type { Benchmark } from './benchmark.js';

/** When the heap is looked at. */
const MARKS = [200_000, 1_000_000] as const;

/** Bytes that an execution may leave behind; a kept object takes ten times as many. */
const MOST_BYTES = 1;

/** What a million executions leave behind in memory. */
export const memoryBenchmark: Benchmark = {
  name: 'memory',
  title: 'bytes of the heap in use, after a full collection, of searches that keep no states',
  contestants: {},
  measure() {
    const { name, title } = this;
    const head = ['', ...MARKS.map((mark) => `after ${mark.toLocaleString('en')}`), 'an execution'];
    return Promise.resolve([
      { benchmark: name, title, head, digits: 1, rows: LONG_SEARCHES.map(rowOf), notes: [] },
    ]);
  },
};

function rowOf(long: LongSearch): TableRow {
  const [first = NaN, last = NaN] = heapUse(long, MARKS);
  const bytes = (last - first) / (MARKS[1] - MARKS[0]);
  const label = `${long.search}: ${long.checked.name}`;
  return { cells: [label, first, last, bytes], passed: bytes < MOST_BYTES };
}
