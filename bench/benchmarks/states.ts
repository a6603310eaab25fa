import type { PassResult } from '@rseqlab/explorer';
import { fileURLToPath } from 'node:url';
import type { Contestant } from '../measure/contestant.js';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Row } from '../report/report.js';
import { counterStates, counterStatesAnew } from '../workload/counter-states.js';
import { SpinYardstick } from '../yardstick/spin-yardstick.js';
import type { CounterInstance } from '../yardstick/spin-yardstick.js';
import type { Benchmark } from './benchmark.js';

const SMALL = { threads: 3, adds: 2, kernelEvents: 3 } as const;
const LARGE = { threads: 3, adds: 3, kernelEvents: 4 } as const;

/** Of Spin's speed: twice its time. */
const WANTED = 0.5;

/** A search that is compared with Spin on the same instance. */
interface Match {
  readonly contestant: string;
  readonly instance: CounterInstance;
  readonly label: string;
  /** Rounds that count at most: those of the large instance take seconds each. */
  readonly rounds: number;
  readonly warmUps: number;
  /** Whether a round begins in a process of its own, from its start, as Spin's does; Spin is compiled before. */
  readonly isNew: boolean;
}

/**
 * Once V8 has made its code, which gcc has before Spin's verifier starts: with what phases do known, which Spin's
 * verifier is compiled from, and finding that out. And with all that V8 does on the way, from the start of a process.
 */
const MATCHES: readonly Match[] = [
  {
    contestant: 'small',
    instance: SMALL,
    label: ', searched again',
    rounds: 9,
    warmUps: 8,
    isNew: false,
  },
  {
    contestant: 'anew',
    instance: SMALL,
    label: ', nothing known',
    rounds: 9,
    warmUps: 8,
    isNew: false,
  },
  {
    contestant: 'large',
    instance: LARGE,
    label: ', searched again',
    rounds: 3,
    warmUps: 1,
    isNew: false,
  },
  {
    contestant: 'new',
    instance: LARGE,
    label: ', new process',
    rounds: 3,
    warmUps: 0,
    isNew: true,
  },
];

/** How many states of a per-CPU counter are searched in a second, against Spin on the same states. */
export const statesBenchmark: Benchmark = {
  name: 'states',
  title: 'stateful search of a per-CPU counter on 2 CPUs, against Spin on the same states',
  work: 'states',
  contestants: {
    small: () => round(counterStates(SMALL)),
    anew: () => round(counterStatesAnew(SMALL)),
    large: () => round(counterStates(LARGE)),
    new: () => wholeProcess(LARGE),
  },
  async measure({ rounds, contestant }) {
    const rows: Row[] = [];
    for (const match of MATCHES) rows.push(...(await play(match, rounds, contestant)));
    const { name, title } = this;
    return [{ benchmark: name, title, unit: 'states/s', relativeTo: 'of Spin', rows }];
  },
};

async function play(
  { contestant: name, instance, label, rounds, warmUps, isNew }: Match,
  most: number,
  contestant: (name: string) => Contestant,
): Promise<Row[]> {
  const { threads, adds, kernelEvents } = instance;
  const title = `${threads} threads, ${adds} adds each, ${kernelEvents} kernel events`;
  const spin = SpinYardstick.isPresent
    ? new SpinYardstick(fileURLToPath(new URL('../yardstick/', import.meta.url)), instance)
    : undefined;
  const own = isNew ? anew(name, contestant) : contestant(name);
  const tournament = new Tournament([
    ...(spin === undefined ? [] : [spin.contestant('spin')]),
    own,
  ]);
  try {
    await tournament.play(Math.min(most, rounds), warmUps);
  } finally {
    spin?.close();
  }
  const value = tournament.rate(name);
  if (spin === undefined)
    return [{ label: `${title}${label} (no spin, gcc to compare with)`, value }];
  const [states, counted] = [tournament.work(name), tournament.work('spin')];
  if (states !== counted)
    throw new Error(
      `expected as many states as Spin counts, ${counted}, got ${states} of ${title}`,
    );
  return [
    { label: `${title}: Spin, gcc -O2`, value: tournament.rate('spin') },
    judged(`${title}${label}`, value, tournament.ratio(name, 'spin'), WANTED),
    ...(isNew ? [inRealTime(`${title}${label}, real time`, tournament, name)] : []),
  ];
}

/** How long a user waits: V8 makes code on another core while the search goes on. */
function inRealTime(label: string, tournament: Tournament, name: string): Row {
  const time = 'realSeconds';
  return {
    label,
    value: tournament.rate(name, time),
    relative: tournament.ratio(name, 'spin', time),
  };
}

/** A contestant that plays every round in a new process, of which the real time is taken, too. */
function anew(name: string, contestant: (name: string) => Contestant): Contestant {
  return {
    name,
    async round() {
      const startMs = performance.now();
      const player = contestant(name);
      try {
        const played = await player.round();
        return { ...played, realSeconds: (performance.now() - startMs) / 1000 };
      } finally {
        player.close();
      }
    },
    close: () => undefined,
  };
}

/** Searches again and again on one machine, as iterative deepening does. */
function round(search: () => PassResult): Round {
  return () => sample(() => ({ work: search().states }));
}

/** Searches once, and takes the processor time of the process from its start. */
function wholeProcess(instance: CounterInstance): Round {
  return () => {
    const work = counterStates(instance)().states;
    const { user, system } = process.cpuUsage();
    return { work, seconds: (user + system) / 1e6 };
  };
}
