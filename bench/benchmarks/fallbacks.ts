import { compareFallbacks } from '@rseqlab/rseq-runtime';
import type { EncodingCost, NotExpressible } from '@rseqlab/rseq-runtime';
import { CUBIETRUCK, XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import type { CostParameters } from '@rseqlab/sim-machine';
import { sectionCycles } from '../prediction/section-cycles.js';
import type { TableReport } from '../report/table-report.js';
import type { Benchmark } from './benchmark.js';

const NO = '-';

/** What the same operation costs as a section, as a cpu_opv vector, and as BPF and eBPF programs. */
export const fallbacksBenchmark: Benchmark = {
  name: 'fallbacks',
  title: 'section, cpu_opv, classic BPF and eBPF',
  contestants: {},
  measure: () => Promise.resolve([XEON_E5_2630V3, CUBIETRUCK].map(fallbacksReport)),
};

/** The table for a machine; the same every time. */
export function fallbacksReport(cost: CostParameters): TableReport {
  const reasons = new Set<string>();
  const cell = (
    operation: string,
    entry: number | EncodingCost | NotExpressible,
    encoding: string,
    what: keyof EncodingCost,
  ): number | string => {
    if (typeof entry === 'number') return entry;
    if (!('reason' in entry)) return entry[what];
    reasons.add(`${operation}, ${encoding}: ${entry.reason}`);
    return NO;
  };
  const rows = compareFallbacks(cost).map(({ operation, vector, bpf, ebpf }) => ({
    cells: [
      operation,
      cell(operation, sectionCycles(cost, operation), 'section', 'cycles'),
      cell(operation, vector, 'cpu_opv', 'cycles'),
      cell(operation, bpf, 'BPF', 'cycles'),
      cell(operation, ebpf, 'eBPF', 'cycles'),
      cell(operation, vector, 'cpu_opv', 'bytes'),
      cell(operation, bpf, 'BPF', 'bytes'),
      cell(operation, ebpf, 'eBPF', 'bytes'),
    ],
  }));
  return {
    benchmark: 'fallbacks',
    title: `simulated cycles of a call, and bytes that the kernel copies in: ${cost.description}`,
    head: ['', 'section', 'cpu_opv', 'BPF', 'eBPF', 'cpu_opv bytes', 'BPF bytes', 'eBPF bytes'],
    digits: 0,
    rows,
    notes: [...reasons],
  };
}
