import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Contestant } from '../measure/contestant.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Report } from '../report/report.js';
import type { Benchmark } from './benchmark.js';

/** Of the speed of one worker. */
const WANTED = 1.8;

/** A round takes seconds, and begins anew: it needs no warm-up. */
const MOST_ROUNDS = 5;

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/rseqlab.js', import.meta.url));
const WORKLOADS = new URL('../workload/', import.meta.url);

/** A search that several workers do. */
interface Work {
  readonly title: string;
  readonly scenario: string;
  readonly options: readonly string[];
  /** What is counted. */
  readonly counts: 'classes' | 'states';
}

const WORKS: readonly Work[] = [
  {
    title: 'rseqlab check --search classes: fib with checker, n = 5',
    scenario: 'fib-with-checker.ts',
    options: ['--search', 'classes'],
    counts: 'classes',
  },
  {
    title:
      'rseqlab check --search states: per-CPU counter, 3 threads, 4 adds each, 4 kernel events',
    scenario: 'many-adds.ts',
    options: ['--search', 'states', '--kernel-events', '4', '--executions', '1000000000'],
    counts: 'states',
  },
];

/** How much sooner the built command ends with two workers; in real time, as its user waits. */
export const workersBenchmark: Benchmark = {
  name: 'workers',
  title: 'real time of searches by two workers and by one',
  contestants: {},
  async measure({ rounds }) {
    const reports: Report[] = [];
    for (const work of WORKS) reports.push(await compared(work, Math.min(rounds, MOST_ROUNDS)));
    return reports;
  },
};

async function compared(work: Work, rounds: number): Promise<Report> {
  const tournament = new Tournament([checkBy(work, 1), checkBy(work, 2)]);
  await tournament.play(rounds, 0);
  const [one, two] = [nameOf(1), nameOf(2)];
  return {
    benchmark: 'workers',
    title: `real time of ${work.title}, by two workers and by one`,
    unit: `${work.counts}/s`,
    relativeTo: 'of one worker',
    rows: [
      { label: one, value: tournament.rate(one) },
      judged(two, tournament.rate(two), tournament.ratio(two, one), WANTED),
    ],
  };
}

/** The built command, from its start to its end. */
function checkBy({ scenario, options, counts }: Work, workers: number): Contestant {
  const file = fileURLToPath(new URL(scenario, WORKLOADS));
  const more = [...options, '--workers', String(workers), '--json'];
  return {
    name: nameOf(workers),
    async round() {
      const startMs = performance.now();
      const { stdout } = await run(process.execPath, [COMMAND, 'check', file, ...more]).catch(
        // A search that ends at its bound says so by its exit status, too.
        (error: unknown) => error as { readonly stdout: string },
      );
      const work = (JSON.parse(stdout) as Record<Work['counts'], number>)[counts];
      return { work, seconds: (performance.now() - startMs) / 1000 };
    },
    close: () => undefined,
  };
}

function nameOf(workers: number): string {
  return workers === 1 ? 'one worker' : `${workers} workers`;
}
