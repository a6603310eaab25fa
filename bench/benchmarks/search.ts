import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import type { Benchmark } from './benchmark.js';

const EXECUTIONS = 4000;

const SCENARIOS: Readonly<Record<string, { label: string; scenario: Scenario }>> = {
  counter: { label: 'per-CPU counter, 2 CPUs, 3 threads', scenario: counter('sc') },
  'counter tso': { label: 'per-CPU counter, 2 CPUs, 3 threads, tso', scenario: counter('tso') },
};

/** How many executions an exhaustive search makes; for information. */
export const searchBenchmark: Benchmark = {
  name: 'search',
  title: 'exhaustive search, states told apart, any number of kernel events',
  contestants: Object.fromEntries(
    Object.entries(SCENARIOS).map(([name, entry]) => [name, () => round(entry.scenario)]),
  ),
  async measure({ rounds, contestant }) {
    const tournament = new Tournament(Object.keys(SCENARIOS).map(contestant));
    await tournament.play(rounds);
    const { name, title } = this;
    const rows = Object.entries(SCENARIOS).map(([key, { label }]) => ({
      label,
      value: tournament.rate(key),
    }));
    return [{ benchmark: name, title, unit: 'executions/s', rows }];
  },
};

function round(checked: Scenario): Round {
  return () => sample(() => ({ work: check(checked, { executions: EXECUTIONS }).executions }));
}

function counter(memory: 'sc' | 'tso'): Scenario {
  return scenario({
    name: `counter ${memory}`,
    machine: { cpus: 2, kernel: [rseq()], memory },
    setup(lab) {
      const shared = PerCpuCounter.create(lab.machine, lab.process);
      for (let i = 0; i < 3; i++)
        lab.spawn(function* increment(t) {
          yield* shared.add(t, 1);
        });
      return shared;
    },
    check: (shared, lab) => {
      lab.expectEqual(shared.sum(), 3, 'sum');
    },
  });
}
