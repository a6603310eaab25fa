import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Row } from '../report/report.js';
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

/**
 * What a per-CPU primitive that commits at once adds to its section: called as the section is called,
 * and through one `yield*` as the section is through one.
 */
export const primitivesBenchmark: Benchmark = {
  name: 'primitives',
  work: 'run',
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
    const against = (base: AddMethod, method: AddMethod): Row => ({
      label: LABELS[method],
      value: rate(method),
      relative: tournament.ratio(method, base),
    });
    const wanted = (base: AddMethod, method: AddMethod): Row =>
      judged(LABELS[method], rate(method), tournament.ratio(method, base), REQUIRED);
    const { name, title } = this;
    const common = { benchmark: name, unit: 'adds/s', relativeTo: 'of the section' };
    return [
      {
        ...common,
        title,
        rows: [
          { label: LABELS.bare, value: rate('bare') },
          wanted('bare', 'start'),
          against('bare', 'run'),
          against('bare', 'layer'),
        ],
      },
      {
        ...common,
        title: 'the same through yield*, against the section alone through one yield*',
        rows: [
          { label: LABELS.layer, value: rate('layer') },
          wanted('layer', 'run'),
          against('layer', 'indexed'),
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
