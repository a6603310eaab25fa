import { fileURLToPath } from 'node:url';
import { quartiles } from '../measure/quartiles.js';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Row } from '../report/report.js';
import { TracedEvents } from '../workload/traced-events.js';
import type { Tracing } from '../workload/traced-events.js';
import { lttngSamples } from '../yardstick/lttng-yardstick.js';
import type { Benchmark } from './benchmark.js';

const EVENTS: Readonly<Record<Tracing, number>> = {
  recorded: 100_000,
  disabled: 10_000_000,
  none: 10_000_000,
};

/**
 * Rounds until code is no longer made anew: each has a session of its own, and V8 takes its objects for what they are to
 * remain only after some have been made.
 */
const WARM_UP_ROUNDS = 24;

/** 400 ns and 10 ns an event. */
const WANTED_RECORDED = 1e9 / 400;
const WANTED_DISABLED = 1e9 / 10;

const LTTNG_EVENTS = 200_000;

/** What an event of one u32 takes of the host, from the call until it is in a file. */
export const tracerBenchmark: Benchmark = {
  name: 'tracer',
  work: 'run',
  title: 'events of the tracer with a number of 32 bits',
  contestants: {
    recorded: () => round('recorded'),
    disabled: () => round('disabled'),
    none: () => round('none'),
  },
  async measure({ rounds, contestant }) {
    const tournament = new Tournament(Object.keys(this.contestants).map(contestant));
    await tournament.play(rounds, WARM_UP_ROUNDS);
    const { name, title } = this;
    const rows: Row[] = [
      judged(
        'recorded by simulated threads, consumed and on disk',
        tournament.rate('recorded'),
        undefined,
        WANTED_RECORDED,
      ),
      judged('disabled', tournament.rate('disabled'), undefined, WANTED_DISABLED),
      { label: 'no tracepoint: the loop around it', value: tournament.rate('none') },
    ];
    const sources = fileURLToPath(new URL('../yardstick/', import.meta.url));
    const lttng = lttngSamples(sources, rounds, LTTNG_EVENTS);
    if (lttng !== undefined)
      rows.push({
        label: 'recorded by LTTng-UST, without its consumer',
        value: quartiles(lttng.map(({ work, seconds }) => work / seconds)),
      });
    return [{ benchmark: name, title, unit: 'events/s', rows }];
  },
};

function round(tracing: Tracing): Round {
  const events = new TracedEvents(tracing);
  const count = EVENTS[tracing];
  return () => {
    const run = events.prepare(count);
    return sample(() => ({ work: count, steps: run().steps }));
  };
}
