import { EPYC } from '@rseqlab/sim-machine';
import type { Machine, MachineConfig } from '@rseqlab/sim-machine';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { BURSTS_OF_64 } from '../workload/burst-director.js';
import { Increments } from '../workload/increments.js';
import type { Benchmark } from './benchmark.js';

const CPUS = 4;
const THREADS = 8;
const ITERATIONS = 40_000;

interface Addition {
  readonly label: string;
  readonly machine?: MachineConfig;
  readonly listen?: (machine: Machine) => void;
}

let seen = 0;

/** A listener that does next to nothing. */
function count(): void {
  seen = (seen + 1) | 0;
}

const ADDITIONS: Readonly<Record<string, Addition>> = {
  plain: { label: 'plain machine' },
  switch: {
    label: 'a listener to switches',
    listen: ({ events }) => {
      events.on('switch', count);
    },
  },
  access: {
    label: 'a listener to accesses',
    listen: ({ events }) => {
      events.on('access', count);
    },
  },
  tso: { label: 'tso', machine: { memory: 'tso' } },
  cost: { label: 'cost model with caches', machine: { cost: EPYC } },
  shadow: { label: 'shadow state', machine: { shadow: true } },
  fingerprint: { label: 'fingerprint of memory', machine: { fingerprint: true } },
};

/** What each thing that can be added to a machine costs. */
export const factorsBenchmark: Benchmark = {
  name: 'factors',
  work: 'run',
  title: 'time per step with one thing added, a preemption every 64 steps',
  contestants: Object.fromEntries(
    Object.entries(ADDITIONS).map(([name, addition]) => [name, () => round(addition)]),
  ),
  async measure({ rounds, contestant }) {
    const tournament = new Tournament(Object.keys(ADDITIONS).map(contestant));
    await tournament.play(rounds);
    const { name, title } = this;
    const rows = Object.entries(ADDITIONS).map(([addition, { label }]) => ({
      label,
      value: tournament.nsPerStep(addition),
      relative: tournament.stepFactor(addition, 'plain'),
    }));
    return [{ benchmark: name, title, unit: 'ns/step', relativeTo: 'factor', rows }];
  },
};

function round({ machine, listen }: Addition): Round {
  const increments = new Increments({
    cpus: CPUS,
    threads: THREADS,
    iterations: ITERATIONS,
    density: BURSTS_OF_64,
    layer: false,
    machine: { maxThreads: THREADS, ...machine },
  });
  listen?.(increments.machine);
  let seed = 0;
  return () => {
    const run = increments.prepare(++seed);
    return sample(() => ({ work: THREADS * ITERATIONS, steps: run().steps }));
  };
}
