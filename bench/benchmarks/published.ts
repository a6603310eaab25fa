import { predictedNs } from '../prediction/predicted-ns.js';
import { PUBLISHED_MACHINES } from '../prediction/published-figures.js';
import type { PublishedMachine } from '../prediction/published-figures.js';
import { PUBLISHED_EVENTS, tracedEventNs, withClockCall } from '../prediction/traced-event-ns.js';
import type { TableReport } from '../report/table-report.js';
import type { Benchmark } from './benchmark.js';

/** How far a composite figure may be from what was published, in percent. */
const WANTED_PERCENT = 25;

/** What the cost model predicts, against what was published. */
export const publishedBenchmark: Benchmark = {
  name: 'published',
  title: 'predicted and published',
  contestants: {},
  measure: () => Promise.resolve(publishedReports()),
};

/** The tables, one a machine; the same every time. */
export function publishedReports(): readonly TableReport[] {
  return PUBLISHED_MACHINES.map(reportOf);
}

function reportOf(machine: PublishedMachine): TableReport {
  const rows = machine.figures.map(({ what, publishedNs, body, basis }) =>
    rowOf(what, predictedNs(machine, body), publishedNs, basis),
  );
  const { cost, emptyLoopNs } = machine;
  for (const event of PUBLISHED_EVENTS)
    if (event.cost === cost) {
      const clocks = [
        ['its clock an instruction', cost],
        ['its clock a call', withClockCall(cost)],
      ] as const;
      for (const [clock, prices] of clocks)
        rows.push(rowOf(`traced event: ${clock}`, tracedEventNs(prices), event.rseqNs, 'unlike'));
    }
  return {
    benchmark: 'published',
    title: `ns an operation, predicted and published: ${cost.description}`,
    head: ['', 'predicted', 'published', 'error %', 'basis'],
    digits: 1,
    rows,
    notes: [
      `The empty loop of ${emptyLoopNs} ns is in all figures. Costs are fitted to the rows that say so;`,
      `composite figures are predicted, and wanted within ${WANTED_PERCENT}%. A traced event is one of this tracer,`,
      'published is one of LTTng-UST, which is another program, of which the instructions are not published; its clock',
      'was clock_gettime, on arm32 by system call.',
      ...contradictions(machine),
    ],
  };
}

function rowOf(
  what: string,
  ns: number,
  publishedNs: number,
  basis: string,
): TableReport['rows'][number] {
  const errorPercent = (ns / publishedNs - 1) * 100;
  const cells = [what, ns, publishedNs, errorPercent, basis];
  if (basis === 'fitted') return { cells };
  return { cells, passed: Math.abs(errorPercent) <= WANTED_PERCENT };
}

/** Published figures that no sum of costs can give: a whole that is less than its part. */
function contradictions({ figures }: PublishedMachine): readonly string[] {
  const part = figures.find(({ body }) => body === 'getcpu');
  const whole = figures.find(({ body }) => body === 'atomicCounter');
  if (part === undefined || whole === undefined || whole.publishedNs >= part.publishedNs) return [];
  return [
    `Published, "${whole.what}" (${whole.publishedNs} ns) takes less than "${part.what}" alone`,
    `(${part.publishedNs} ns): no model in which costs add up gives both.`,
  ];
}
