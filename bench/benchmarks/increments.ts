import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import { BURSTS_OF_64, ONE_STEP } from '../workload/burst-director.js';
import type { Density } from '../workload/burst-director.js';
import { Increments } from '../workload/increments.js';
import type { YardstickMode } from '../yardstick/c-yardstick.js';
import type { Benchmark } from './benchmark.js';

const CPUS = 4;
const THREADS = 8;
const ITERATIONS = 20_000;

interface Variant {
  readonly name: string;
  readonly label: string;
  readonly density: Density;
  readonly layer: boolean;
  readonly mode: YardstickMode;
  readonly executions: number;
  readonly required: number;
}

const VARIANTS: readonly Variant[] = [
  {
    name: '64 body',
    label: 'a preemption every 64 steps: section in the thread body',
    density: BURSTS_OF_64,
    layer: false,
    mode: '64',
    executions: 10,
    required: 0.5,
  },
  {
    name: '64 layer',
    label: 'a preemption every 64 steps: through one yield*',
    density: BURSTS_OF_64,
    layer: true,
    mode: '64',
    executions: 8,
    required: 0.15,
  },
  {
    name: '1 body',
    label: 'one decision a step: section in the thread body',
    density: ONE_STEP,
    layer: false,
    mode: '1',
    executions: 4,
    required: 0.25,
  },
  {
    name: '1 layer',
    label: 'one decision a step: through one yield*',
    density: ONE_STEP,
    layer: true,
    mode: '1',
    executions: 3,
    required: 0.1,
  },
];

/** Per-CPU increments against the C interpreter. */
export const incrementsBenchmark: Benchmark = {
  name: 'increments',
  work: 'run',
  title: `per-CPU increments, ${CPUS} CPUs, ${THREADS} threads, against the C interpreter`,
  contestants: Object.fromEntries(VARIANTS.map((variant) => [variant.name, () => round(variant)])),
  async measure({ rounds, yardstick, contestant }) {
    const rows = [];
    for (const mode of ['64', '1'] as const) {
      const variants = VARIANTS.filter((variant) => variant.mode === mode);
      const tournament = new Tournament([
        yardstick.contestant(mode),
        ...variants.map(({ name }) => contestant(name)),
      ]);
      await tournament.play(rounds);
      const every = mode === '64' ? 'a preemption every 64 steps' : 'one decision a step';
      rows.push({ label: `${every}: C, gcc -O2`, value: tournament.rate('C') });
      for (const { name, label, required } of variants)
        rows.push(judged(label, tournament.rate(name), tournament.ratio(name, 'C'), required));
    }
    const { name, title } = this;
    return [{ benchmark: name, title, unit: 'increments/s', relativeTo: 'of C', rows }];
  },
};

function round({ density, layer, executions }: Variant): Round {
  const options = { cpus: CPUS, threads: THREADS, iterations: ITERATIONS, density, layer };
  const increments = new Increments({ ...options, machine: { maxThreads: THREADS } });
  let seed = 0;
  return () =>
    sample(() => {
      let steps = 0;
      for (let i = 0; i < executions; i++) steps += increments.run(++seed).steps;
      return { work: executions * THREADS * ITERATIONS, steps };
    });
}
