import { Machine, RandomDirector, TimedDirector } from '@rseqlab/sim-machine';
import type { MachineConfig, Operation, Thread } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import { Session } from '../../src/session/session.js';
import type { Probe } from '../../src/session/probe.js';
import type { Tracepoint } from '../../src/session/tracepoint.js';
import { valuesOf } from './read-trace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });

type Emit = (t: Thread, point: Tracepoint<typeof tick.fields>, value: number) => Operation<void>;

function* guarded(
  t: Thread,
  point: Tracepoint<typeof tick.fields>,
  value: number,
): Operation<void> {
  if (point.isEnabled(t)) yield* point.emit(t, { value });
}

function* always(t: Thread, point: Tracepoint<typeof tick.fields>, value: number): Operation<void> {
  yield* point.emit(t, { value });
}

/** A thread that emits while another takes the probe away and puts it back; what is recorded, and when. */
function runOf(emit: Emit, config: MachineConfig, seed?: number) {
  const director = seed === undefined ? new TimedDirector() : new RandomDirector({ seed });
  const machine = new Machine({ cpus: 2, kernel: [rseq()], ...config }, director);
  const process = machine.createProcess('main');
  const session = Session.create(machine, process);
  const point = session.tracepoint(tick);
  const probe: Probe = session.enable(point, session.channel('main'));
  const sink = new MemorySink();
  // Chance lets timers expire whenever it likes, and so consumers run for ever.
  if (seed === undefined) session.spawnConsumers(sink);
  /** Events that were recorded or lost, when the probe is gone and before it comes back. */
  const counts: number[] = [];
  process.spawn(function* producer(t) {
    for (let value = 0; value < 30; value++) yield* emit(t, point, value);
  });
  process.spawn(function* controller(t) {
    for (let round = 0; round < 2; round++) {
      yield* session.disableProbe(t, probe);
      counts.push(session.statistics().emitted!);
      for (let n = 0; n < 20; n++) yield* t.fence();
      counts.push(session.statistics().emitted!);
      yield* session.enableProbe(t, probe);
    }
    for (let value = 100; value < 110; value++) yield* emit(t, point, value);
    yield* session.stop(t);
    statistics = session.statistics();
  });
  let statistics = session.statistics();
  const { outcome } = machine.run({ decisions: 200_000 });
  const values = seed === undefined ? valuesOf(sink) : [];
  return { outcome, values, counts, statistics };
}

describe('an event that is asked for before it is emitted', () => {
  it('is recorded where it would be without', () => {
    const { values, outcome } = runOf(guarded, {});
    expect(outcome).toBe('finished');
    expect(values).toEqual(expect.arrayContaining([100, 109]));
    const found = runOf(always, {});
    expect(found.values).toEqual(expect.arrayContaining([100, 109]));
  });

  it.each(['sc', 'tso', 'weak'] as const)(
    'is neither recorded nor lost once the order to disable it has returned, and one of both when it is enabled: %s',
    (memory) => {
      for (let seed = 0; seed < 2; seed++) {
        const { outcome, counts, statistics } = runOf(guarded, { memory }, seed);
        expect(outcome).toBe('finished');
        expect(counts[1], `seed ${seed}`).toBe(counts[0]);
        expect(counts[3], `seed ${seed}`).toBe(counts[2]);
        expect(statistics.emitted! - counts[3]!).toBeGreaterThanOrEqual(10);
      }
    },
  );

  it('is not put together while nobody wants it', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(tick);
    const asked: boolean[] = [];
    process.spawn(function* producer(t) {
      // The first look at its page is a load that faults.
      yield* point.emit(t, { value: 0 });
      for (let n = 0; n < 50; n++) asked.push(point.isEnabled(t));
      yield* t.fence();
    });
    machine.run();
    expect(asked).toContain(false);
    expect(asked.lastIndexOf(true)).toBeLessThan(asked.indexOf(false));
  });
});
