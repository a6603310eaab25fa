import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { TableReport } from '../report/table-report.js';
import { manyReaders } from '../workload/many-readers.js';
import { UninterruptedPairs } from '../workload/uninterrupted-pairs.js';
import type { PairMethod } from '../workload/uninterrupted-pairs.js';
import type { Benchmark } from './benchmark.js';

const PAIRS = 200_000;

/** At most three times the time is at least a third of the rate. */
const REQUIRED = 1 / 3;

const READERS = 10_000;
const CPUS = 256;
const MICROSECONDS = 1e6;

/** What simulated readers cost the host: time of one, memory of many. */
export const readersBenchmark: Benchmark = {
  name: 'readers',
  work: 'run',
  title: 'read-side pairs of RCU without interruption, against two bare sections',
  contestants: {
    bare: () => round('bare'),
    layer: () => round('layer'),
    pair: () => round('pair'),
  },
  async measure({ rounds, contestant }) {
    const tournament = new Tournament(Object.keys(this.contestants).map(contestant));
    await tournament.play(rounds);
    const rate = (method: PairMethod) => tournament.rate(method);
    const { name, title } = this;
    return [
      {
        benchmark: name,
        title,
        unit: 'pairs/s',
        relativeTo: 'of two sections',
        rows: [
          { label: 'two sections alone, compiled', value: rate('bare') },
          {
            label: 'the same, each through one yield*',
            value: rate('layer'),
            relative: tournament.ratio('layer', 'bare'),
          },
          judged(
            'yield* readLock, yield* readUnlock',
            rate('pair'),
            tournament.ratio('pair', 'bare'),
            REQUIRED,
          ),
        ],
      },
      manyReadersReport(),
    ];
  },
};

function round(method: PairMethod): Round {
  const pairs = new UninterruptedPairs(method);
  return () => {
    const run = pairs.prepare(PAIRS);
    return sample(() => ({ work: PAIRS, steps: run() }));
  };
}

function manyReadersReport(): TableReport {
  const before = process.memoryUsage.rss();
  const start = process.cpuUsage();
  const { sections, gracePeriods, steps } = manyReaders(READERS, CPUS);
  const { user, system } = process.cpuUsage(start);
  const heldMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
  return {
    benchmark: 'readers',
    title: `${READERS} readers and an updater on ${CPUS} CPUs`,
    head: ['read sections', 'grace periods', 'instructions', 'CPU seconds', 'MiB held'],
    digits: 1,
    rows: [{ cells: [sections, gracePeriods, steps, (user + system) / MICROSECONDS, heldMiB] }],
    notes: ['Memory is beyond what the process took before, at the end of the run.'],
  };
}
