import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Contestant } from '../measure/contestant.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Benchmark } from './benchmark.js';

/** Of the speed of one worker. */
const WANTED = 1.8;

/** A round takes seconds, and begins anew: it needs no warm-up. */
const MOST_ROUNDS = 5;

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/rseqlab.js', import.meta.url));
const SCENARIO = fileURLToPath(new URL('../workload/fib-with-checker.ts', import.meta.url));

/** How much sooner the built command ends with two workers; in real time, as its user waits. */
export const workersBenchmark: Benchmark = {
  name: 'workers',
  title:
    'real time of rseqlab check --search classes: fib with checker, n = 5, by two workers and by one',
  contestants: {},
  async measure({ rounds }) {
    const tournament = new Tournament([checkBy(1), checkBy(2)]);
    await tournament.play(Math.min(rounds, MOST_ROUNDS), 0);
    const [one, two] = [nameOf(1), nameOf(2)];
    const { name, title } = this;
    return [
      {
        benchmark: name,
        title,
        unit: 'classes/s',
        relativeTo: 'of one worker',
        rows: [
          { label: one, value: tournament.rate(one) },
          judged(two, tournament.rate(two), tournament.ratio(two, one), WANTED),
        ],
      },
    ];
  },
};

/** The built command, from its start to its end. */
function checkBy(workers: number): Contestant {
  const options = ['--search', 'classes', '--workers', String(workers), '--json'];
  return {
    name: nameOf(workers),
    async round() {
      const startMs = performance.now();
      const { stdout } = await run(process.execPath, [COMMAND, 'check', SCENARIO, ...options]);
      const { classes } = JSON.parse(stdout) as { classes: number };
      return { work: classes, seconds: (performance.now() - startMs) / 1000 };
    },
    close: () => undefined,
  };
}

function nameOf(workers: number): string {
  return workers === 1 ? 'one worker' : `${workers} workers`;
}
