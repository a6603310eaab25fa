import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Contestant } from '../measure/contestant.js';
import type { Sample } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Report } from '../report/report.js';
import type { Benchmark } from './benchmark.js';

/** Of the speed of one worker. */
const WANTED = 1.8;

/** A round takes most of a minute. */
const MOST_ROUNDS = 3;

const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/rseqlab.js', import.meta.url));
const WORKLOADS = new URL('../workload/', import.meta.url);

/** A search that several workers do. */
interface Work {
  readonly title: string;
  readonly scenario: string;
  readonly options: readonly string[];
  /** What is counted. */
  readonly counts: 'classes' | 'states';
  /** How often one command searches, one time after the other, until V8 has made its code. */
  readonly making: number;
  /** How often it searches behind that. */
  readonly made: number;
}

const WORKS: readonly Work[] = [
  {
    title: 'rseqlab check --search classes: fib with checker, n = 5',
    scenario: 'fib-with-checker.ts',
    options: ['--search', 'classes'],
    counts: 'classes',
    making: 5,
    made: 3,
  },
  {
    title:
      'rseqlab check --search states: per-CPU counter, 3 threads, 4 adds each, 4 kernel events',
    scenario: 'many-adds.ts',
    options: ['--search', 'states', '--kernel-events', '4', '--executions', '1000000000'],
    counts: 'states',
    making: 2,
    made: 1,
  },
];

/**
 * How much sooner the built command is done with two workers, in real time, as its user waits: with the first of several
 * files, while every worker makes its code, and with the last of them, when the same workers have made it. The first is told
 * and not judged: V8's helper threads make every worker's code, and only one worker leaves them a core.
 */
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
  const tournament = new Tournament([...checksBy(work, 1), ...checksBy(work, 2)]);
  await tournament.play(rounds, 0);
  const rows = [FIRST, LAST].flatMap((file) => {
    const [one, two] = [nameOf(1, file), nameOf(2, file)];
    const value = tournament.rate(two);
    const relative = tournament.ratio(two, one);
    return [
      { label: one, value: tournament.rate(one) },
      file === FIRST ? { label: two, value, relative } : judged(two, value, relative, WANTED),
    ];
  });
  return {
    benchmark: 'workers',
    title: `real time of ${work.title}, by two workers and by one`,
    unit: `${work.counts}/s`,
    relativeTo: 'of one worker',
    rows,
  };
}

const FIRST = 'a new command';
const LAST = 'once code is made';

function nameOf(workers: number, file: string): string {
  return `${workers === 1 ? 'one worker' : `${workers} workers`}, ${file}`;
}

/** The built command, which checks the same file several times: what the first time takes, and what the last ones. */
function checksBy(work: Work, workers: number): readonly Contestant[] {
  let last: Sample | undefined;
  const close = (): void => undefined;
  return [
    {
      name: nameOf(workers, FIRST),
      async round() {
        const samples = await samplesOf(work, workers);
        last = sumOf(samples.slice(work.making));
        return samples[0]!;
      },
      close,
    },
    { name: nameOf(workers, LAST), round: () => Promise.resolve(last!), close },
  ];
}

/** One sample for each time that a command searches. */
async function samplesOf(
  { title, scenario, options, counts, making, made }: Work,
  workers: number,
): Promise<readonly Sample[]> {
  const file = fileURLToPath(new URL(scenario, WORKLOADS));
  const times = making + made;
  const files = Array.from({ length: times }, () => file);
  const more = [...options, '--workers', String(workers), '--json'];
  let beforeMs = performance.now();
  const child = spawn(process.execPath, [COMMAND, 'check', ...files, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const samples: Sample[] = [];
  let text = '';
  child.stdout.on('data', (data: Buffer) => {
    const nowMs = performance.now();
    text += data.toString();
    // Every result is printed at once, and ends with this line.
    if (!text.endsWith('}\n')) return;
    const work = (JSON.parse(text) as Record<Work['counts'], number>)[counts];
    samples.push({ work, seconds: (nowMs - beforeMs) / 1000 });
    beforeMs = nowMs;
    text = '';
  });
  await once(child, 'close');
  if (samples.length !== times)
    throw new Error(`expected ${times} results of ${title}, got ${samples.length}`);
  return samples;
}

function sumOf(samples: readonly Sample[]): Sample {
  return {
    work: samples.reduce((sum, { work }) => sum + work, 0),
    seconds: samples.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
