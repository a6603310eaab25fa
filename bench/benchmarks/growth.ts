import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import type { Report } from '../report/report.js';
import { BURSTS_OF_64 } from '../workload/burst-director.js';
import { Increments } from '../workload/increments.js';
import type { IncrementsOptions } from '../workload/increments.js';
import type { Benchmark, Stage } from './benchmark.js';

/** Increments of all threads together, the same at every point. */
const INCREMENTS = 640_000;

/** Increments between two sched_yield where nothing else makes threads change. */
const YIELD_EVERY = 8;

interface Point {
  readonly cpus: number;
  readonly threads: number;
}

/** Two threads a CPU. */
const CPU_CURVE: readonly Point[] = [1, 4, 16, 64, 256].map((cpus) => ({
  cpus,
  threads: cpus * 2,
}));

/** Four CPUs. */
const THREAD_CURVE: readonly Point[] = [10, 100, 1000, 10_000].map((threads) => ({
  cpus: 4,
  threads,
}));

const DIRECTORS = ['free', 'timed'] as const;
type DirectorName = (typeof DIRECTORS)[number];

const CURVES: Readonly<Record<DirectorName, string>> = {
  free: 'a free director, a preemption every 64 steps',
  timed: `the timed director, sched_yield every ${YIELD_EVERY} increments`,
};

const ALL = DIRECTORS.flatMap((director) =>
  [...CPU_CURVE, ...THREAD_CURVE].map(
    (point) => [nameOf(director, point), director, point] as const,
  ),
);

/** Time a step over the number of CPUs and of threads. */
export const growthBenchmark: Benchmark = {
  name: 'growth',
  work: 'run',
  title: 'time per step',
  contestants: Object.fromEntries(
    ALL.map(([name, director, point]) => [name, () => round(director, point)]),
  ),
  async measure(stage) {
    const reports = [];
    for (const director of DIRECTORS)
      for (const curve of [CPU_CURVE, THREAD_CURVE])
        reports.push(await measureCurve(stage, director, curve));
    return reports;
  },
};

async function measureCurve(
  { rounds, contestant }: Stage,
  director: DirectorName,
  curve: readonly Point[],
): Promise<Report> {
  const names = curve.map((point) => nameOf(director, point));
  const tournament = new Tournament(names.map(contestant));
  await tournament.play(rounds);
  const first = names[0]!;
  return {
    benchmark: 'growth',
    title: `time per step: ${CURVES[director]}`,
    unit: 'ns/step',
    relativeTo: 'times the first',
    rows: curve.map(({ cpus, threads }, index) => ({
      label: `${cpus} CPUs, ${threads} threads`,
      value: tournament.nsPerStep(names[index]!),
      relative: tournament.stepFactor(names[index]!, first),
    })),
  };
}

function nameOf(director: DirectorName, { cpus, threads }: Point): string {
  return `${director} ${cpus} ${threads}`;
}

function round(director: DirectorName, { cpus, threads }: Point): Round {
  const options: IncrementsOptions = {
    cpus,
    threads,
    iterations: INCREMENTS / threads,
    density: director === 'timed' ? 'timed' : BURSTS_OF_64,
    layer: false,
    ...(director === 'timed' && { yieldEvery: YIELD_EVERY }),
    machine: { maxThreads: threads },
  };
  const increments = new Increments(options);
  let seed = 0;
  return () => {
    const run = increments.prepare(++seed);
    return sample(() => ({ work: INCREMENTS, steps: run().steps }));
  };
}
