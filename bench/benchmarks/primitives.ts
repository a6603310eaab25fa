import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import { UninterruptedAdds } from '../workload/uninterrupted-adds.js';
import type { AddMethod } from '../workload/uninterrupted-adds.js';
import type { Benchmark } from './benchmark.js';

const ADDS = 400_000;

/** At most twice the time is at least half the rate. */
const REQUIRED = 0.5;

const LABELS: Readonly<Record<AddMethod, string>> = {
  bare: 'the section alone, compiled',
  layer: 'the section alone, through one yield*',
  start: 'addv.start',
  run: 'yield* addv.run',
  indexed: 'yield* currentIndex, then yield* addv.run: two operations',
};

/** What a per-CPU primitive that commits at once adds to its section. */
export const primitivesBenchmark: Benchmark = {
  name: 'primitives',
  title: 'adds to a word of the CPU without interruption, against the section alone',
  contestants: {
    bare: () => round('bare'),
    layer: () => round('layer'),
    start: () => round('start'),
    run: () => round('run'),
    indexed: () => round('indexed'),
  },
  async measure({ rounds, contestant }) {
    const tournament = new Tournament(Object.keys(this.contestants).map(contestant));
    await tournament.play(rounds);
    const rate = (method: AddMethod) => tournament.rate(method);
    const ratio = (method: AddMethod) => tournament.ratio(method, 'bare');
    const { name, title } = this;
    return [
      {
        benchmark: name,
        title,
        unit: 'adds/s',
        relativeTo: 'of the section',
        rows: [
          { label: LABELS.bare, value: rate('bare') },
          { label: LABELS.layer, value: rate('layer'), relative: ratio('layer') },
          judged(LABELS.start, rate('start'), ratio('start'), REQUIRED),
          judged(LABELS.run, rate('run'), ratio('run'), REQUIRED),
          { label: LABELS.indexed, value: rate('indexed'), relative: ratio('indexed') },
        ],
      },
    ];
  },
};

function round(method: AddMethod): Round {
  const adds = new UninterruptedAdds(method);
  return () => {
    const run = adds.prepare(ADDS);
    return sample(() => ({ work: ADDS, steps: run() }));
  };
}
