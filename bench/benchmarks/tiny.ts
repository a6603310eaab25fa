import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import { TINY_STEPS } from '../workload/burst-director.js';
import { Increments } from '../workload/increments.js';
import type { Benchmark } from './benchmark.js';

const EXECUTIONS = 50_000;
const REQUIRED = 150_000;
const THREADS = 3;

/** Whole executions of about 30 decisions, everything from the reset of the machine on included. */
export const tinyBenchmark: Benchmark = {
  name: 'tiny',
  title:
    'complete executions: 2 CPUs, 3 threads of 2 increments, one decision a step, set-up included',
  contestants: { machine: tinyRound },
  async measure({ rounds, yardstick, contestant }) {
    const tournament = new Tournament([yardstick.contestant('tiny'), contestant('machine')]);
    await tournament.play(rounds);
    const { name, title } = this;
    const value = tournament.rate('machine');
    return [
      {
        benchmark: name,
        title,
        unit: 'executions/s',
        relativeTo: 'of C',
        rows: [
          { label: 'C, gcc -O2, nothing to set up', value: tournament.rate('C') },
          {
            ...judged('machine', value, undefined, REQUIRED),
            relative: tournament.ratio('machine', 'C'),
          },
        ],
      },
    ];
  },
};

function tinyRound(): Round {
  const tiny = new Increments({
    cpus: 2,
    threads: THREADS,
    iterations: 2,
    density: TINY_STEPS,
    layer: false,
    machine: { maxThreads: THREADS, maxProcesses: 1 },
  });
  let seed = 0;
  return () =>
    sample(() => {
      let steps = 0;
      for (let i = 0; i < EXECUTIONS; i++) {
        seed = (Math.imul(seed, 1103515245) + 12345) | 0;
        steps += tiny.run(seed).steps;
      }
      return { work: EXECUTIONS, steps };
    });
}
