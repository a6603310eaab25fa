import { fileURLToPath } from 'node:url';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Row } from '../report/report.js';
import { counterStates } from '../workload/counter-states.js';
import { SpinYardstick } from '../yardstick/spin-yardstick.js';
import type { Benchmark } from './benchmark.js';

const INSTANCE = { threads: 3, adds: 2, kernelEvents: 3 } as const;

/** A round takes about half a second. */
const MOST_ROUNDS = 5;

/**
 * Rounds before these: a round makes one object of most classes, and V8 lays objects of a class out anew, and drops
 * the code that was optimized for the old layout, once seven were made.
 */
const WARM_UP_ROUNDS = 12;

/** Of Spin's speed: twice its time. */
const WANTED = 0.5;

const LABEL = '3 threads, 2 CPUs, 2 adds each, 3 kernel events';

/** How many states of a per-CPU counter are searched in a second, against Spin on the same states. */
export const statesBenchmark: Benchmark = {
  name: 'states',
  title: 'stateful search of a per-CPU counter, against Spin on the same states',
  contestants: { states: () => round() },
  async measure({ rounds, contestant }) {
    const spin = SpinYardstick.isPresent
      ? new SpinYardstick(fileURLToPath(new URL('../yardstick/', import.meta.url)), INSTANCE)
      : undefined;
    const tournament = new Tournament([
      ...(spin === undefined ? [] : [spin.contestant('spin')]),
      contestant('states'),
    ]);
    try {
      await tournament.play(Math.min(rounds, MOST_ROUNDS), WARM_UP_ROUNDS);
    } finally {
      spin?.close();
    }
    const { name, title } = this;
    return [{ benchmark: name, title, unit: 'states/s', relativeTo: 'of Spin', rows: rows() }];

    function rows(): Row[] {
      const value = tournament.rate('states');
      if (spin === undefined) return [{ label: `${LABEL} (no spin, gcc to compare with)`, value }];
      return [
        { label: `${LABEL}: Spin, gcc -O2`, value: tournament.rate('spin') },
        judged(LABEL, value, tournament.ratio('states', 'spin'), WANTED),
      ];
    }
  },
};

function round(): Round {
  return () => sample(() => ({ work: counterStates(INSTANCE).states }));
}
