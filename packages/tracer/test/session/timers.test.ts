import { Machine, TimedDirector, nanosleep } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { PeriodTimer } from '../../src/consumer/period-timer.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import type { ChannelOptions } from '../../src/session/channel-options.js';
import { Session } from '../../src/session/session.js';
import { findingsOf, readPackets } from './read-trace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });

/** A thread of CPU 0 emits and sleeps; what is in the trace before anything is stopped, and behind. */
function slowly(channel: ChannelOptions, memory: MemoryModelName = 'sc') {
  const machine = new Machine({ cpus: 2, memory, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const session = Session.create(machine, process);
  const point = session.tracepoint(tick);
  session.enable(point, session.channel('main', channel));
  const sink = new MemorySink();
  const snapshot = new MemorySink();
  session.spawnConsumers(sink, 10_000);
  let live: ReturnType<typeof readPackets> = [];
  process.spawn(
    function* producer(t) {
      for (let value = 0; value < 3; value++) {
        yield* point.emit(t, { value });
        yield* nanosleep(t, 1_000_000);
      }
      live = readPackets(sink);
      if (channel.mode === 'overwrite') yield* session.snapshot(t, snapshot);
      yield* session.stop(t);
    },
    { cpu: 0 },
  );
  expect(machine.run({ decisions: 1_000_000 }).outcome).toBe('finished');
  return { live, packets: readPackets(sink), sink, snapshot };
}

describe('the switch timer', () => {
  it('has events in packets long before a sub-buffer is full, and idle CPUs give empty ones', () => {
    const { live, sink } = slowly({ switchTimerNs: 500_000 });
    const busy = live.filter(({ cpu }) => cpu === 0);
    const idle = live.filter(({ cpu }) => cpu === 1);
    expect(busy.flatMap(({ values }) => values)).toEqual([0, 1, 2]);
    expect(busy.length).toBeGreaterThanOrEqual(5);
    expect(idle.length).toBeGreaterThanOrEqual(5);
    expect(idle.every(({ values }) => values.length === 0)).toBe(true);
    expect(findingsOf(sink)).toEqual([]);
  });

  it.each(['sc', 'tso', 'weak'] as const)(
    'that is off leaves events in the ring, and an idle CPU with one valid empty packet at the end, %s',
    (memory) => {
      const { live, packets, sink } = slowly({}, memory);
      expect(live).toEqual([]);
      expect(packets.map(({ cpu, values }) => [cpu, values]).sort()).toEqual([
        [0, [0, 1, 2]],
        [1, []],
      ]);
      expect(findingsOf(sink)).toEqual([]);
    },
  );

  it('closes what a flight recorder has open, and makes nothing empty', () => {
    const { snapshot } = slowly({ mode: 'overwrite', switchTimerNs: 500_000 });
    expect(readPackets(snapshot).map(({ cpu, values }) => [cpu, values])).toEqual([
      [0, [0]],
      [0, [1]],
      [0, [2]],
    ]);
  });
});

describe('the read timer of a channel', () => {
  it('is its own: a slow one leaves full sub-buffers where they are', () => {
    const size = { subbufBytes: 16, subbufCount: 8 } as const;
    expect(slowly({ ...size, readTimerNs: 100_000_000 }).live).toEqual([]);
    // The third record has not filled its sub-buffer, and the next one has not come.
    expect(slowly(size).live.flatMap(({ values }) => values)).toEqual([0, 1]);
  });
});

describe('a timer', () => {
  it('is due once in each period, and makes up for those slept through by one time', () => {
    const timer = new PeriodTimer(10);
    timer.begin(5);
    expect([14, 15, 16, 24, 25, 58, 59, 65].map((now) => timer.take(now))).toEqual([
      false,
      true,
      false,
      false,
      true,
      true,
      false,
      true,
    ]);
    const off = new PeriodTimer(0);
    off.begin(0);
    expect([off.take(1e12), off.dueNs]).toEqual([false, Infinity]);
  });
});
