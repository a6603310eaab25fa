import { Machine, TimedDirector, nanosleep, setAffinity } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import type { ChannelOptions } from '../../src/session/channel-options.js';
import { Session } from '../../src/session/session.js';
import { findingsOf, readPackets, valuesOf } from './read-trace.js';
import type { ReadPacket } from './read-trace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });

/** Value of the n-th event of a thread. */
const PER_THREAD = 1000;

/** What the controller says when it is told to emit one itself. */
type Mark = (value: number) => Operation<void>;

/** Four threads on two CPUs emit all the time, while another one controls. */
function underLoad(
  channel: ChannelOptions,
  control: (t: Thread, session: Session, mark: Mark) => Operation<void>,
  sink: MemorySink,
  each = 100,
): Session {
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const session = Session.create(machine, process);
  const point = session.tracepoint(tick);
  session.enable(point, session.channel('main', channel));
  session.spawnConsumers(sink, 5000);
  const done = process.allocate(4);
  for (let thread = 1; thread <= 4; thread++)
    process.spawn(function* producer(t) {
      yield* setAffinity(t, [thread % 2]);
      for (let n = 0; n < each; n++) {
        yield* point.emit(t, { value: thread * PER_THREAD + n });
        if (n % 10 === 9) yield* nanosleep(t, 2000);
      }
      yield* t.fetchAdd(done, 1);
    });
  process.spawn(function* controller(t) {
    yield* control(t, session, (value) => point.emit(t, { value }));
    yield* t.waitUntilEqual(done, 4);
    yield* session.stop(t);
  });
  expect(machine.run({ decisions: 2_000_000 }).outcome).toBe('finished');
  return session;
}

/** That the packets of each CPU are numbered without a gap from the first one on. */
function expectNoGap(packets: readonly ReadPacket[]): void {
  for (const cpu of [0, 1]) {
    const numbers = packets.filter((packet) => packet.cpu === cpu).map(({ sequence }) => sequence);
    numbers.sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, n) => numbers[0]! + n));
  }
}

const ROOMY = { subbufBytes: 256, subbufCount: 32 } as const;

describe('a rotation while threads record', () => {
  it('has what was recorded before in one chunk, what comes later in the next, and all of it once', () => {
    const [first, second, third] = [new MemorySink(), new MemorySink(), new MemorySink()];
    const session = underLoad(
      ROOMY,
      function* (t, own, mark) {
        yield* mark(1);
        yield* nanosleep(t, 20_000);
        yield* mark(2);
        yield* own.rotate(t, second);
        // The chunk is whole: what is in it now is all that will ever be.
        const packets = readPackets(first).length;
        yield* mark(3);
        yield* nanosleep(t, 20_000);
        yield* own.rotate(t, third);
        expect(readPackets(first)).toHaveLength(packets);
        yield* mark(4);
      },
      first,
    );
    const chunks = [first, second, third].map((sink) => valuesOf(sink));
    const marks = chunks.map((values) => values.filter((value) => value < PER_THREAD).sort());
    expect(marks).toEqual([[1, 2], [3], [4]]);
    for (const values of chunks.slice(0, 2)) expect(values.length).toBeGreaterThan(50);
    const all = chunks.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(session.statistics()).toMatchObject({ emitted: 404, discarded: 0, recorded: 404 });
    expect(all).toHaveLength(404);
    expectNoGap([first, second, third].flatMap((sink) => readPackets(sink)));
    for (const sink of [first, second, third])
      expect(findingsOf(sink).filter((rule) => rule !== 'sequence-start')).toEqual([]);
  });

  it('gives each chunk a packet of each CPU, and works on a session that was stopped', () => {
    const sinks = [new MemorySink(), new MemorySink(), new MemorySink()];
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(tick);
    session.enable(point, session.channel('main'));
    session.spawnConsumers(sinks[0]!);
    process.spawn(function* controller(t) {
      yield* point.emit(t, { value: 1 });
      yield* session.rotate(t, sinks[1]!);
      yield* session.stop(t);
      yield* session.rotate(t, sinks[2]!);
      yield* session.start(t);
      yield* point.emit(t, { value: 2 });
      yield* session.stop(t);
    });
    expect(machine.run({ decisions: 1_000_000 }).outcome).toBe('finished');
    expect(sinks.map((sink) => valuesOf(sink))).toEqual([[1], [], [2]]);
    for (const sink of sinks)
      expect(new Set(readPackets(sink).map(({ cpu }) => cpu))).toEqual(new Set([0, 1]));
  });
});

describe('a ring of files', () => {
  it('keeps the newest packets of each CPU, in so many files of so many bytes', () => {
    const sink = new MemorySink();
    underLoad(
      { ...ROOMY, traceFileBytes: 1024, traceFileCount: 2 },
      function* (t) {
        yield* nanosleep(t, 1000);
      },
      sink,
    );
    const packets = readPackets(sink);
    const files = [...sink.packets.keys()].sort();
    expect(files).toEqual([0, 1].flatMap((cpu) => [0, 1].map((n) => `main_${cpu}_${n}`)));
    for (const file of files) {
      const own = packets.filter((packet) => packet.file === file);
      expect(own.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(1024);
    }
    expectNoGap(packets);
    for (const cpu of [0, 1])
      expect(
        Math.min(...packets.filter((each) => each.cpu === cpu).map((p) => p.sequence)),
      ).toBeGreaterThan(0);
    // The last event of some thread is there; the first ones are not.
    expect(valuesOf(sink).some((value) => value % PER_THREAD === 99)).toBe(true);
    expect(valuesOf(sink)).not.toContain(PER_THREAD);
    expect(findingsOf(sink).filter((rule) => rule !== 'sequence-start')).toEqual([]);
  });

  it('without a number has files as long as packets come', () => {
    const sink = new MemorySink();
    const session = underLoad(
      { ...ROOMY, traceFileBytes: 512 },
      function* (t) {
        yield* nanosleep(t, 1000);
      },
      sink,
    );
    expect(sink.packets.size).toBeGreaterThan(6);
    expect(valuesOf(sink)).toHaveLength(session.statistics().recorded);
    expect(findingsOf(sink)).toEqual([]);
  });
});

describe('case 24: clear, rotation and a ring of files, while threads record', () => {
  it('has chunks without what was cleared, each event once, in traces without an error', () => {
    const [first, second] = [new MemorySink(), new MemorySink()];
    const session = underLoad(
      { ...ROOMY, traceFileBytes: 1024, traceFileCount: 4 },
      function* (t, own, mark) {
        yield* mark(1);
        yield* nanosleep(t, 10_000);
        yield* own.clear(t);
        expect(valuesOf(first)).not.toContain(1);
        yield* mark(2);
        yield* own.rotate(t, second);
        yield* mark(3);
        yield* own.clear(t);
        yield* mark(4);
      },
      first,
    );
    const chunks = [first, second].map((sink) => valuesOf(sink));
    expect(chunks.flat().filter((value) => value < PER_THREAD)).toEqual([2, 4]);
    const all = chunks.flat();
    expect(new Set(all).size).toBe(all.length);
    // What was cleared was recorded all the same.
    expect(session.statistics()).toMatchObject({ emitted: 404, discarded: 0, recorded: 404 });
    expect(all.length).toBeLessThan(404);
    for (const sink of [first, second]) {
      expectNoGap(readPackets(sink));
      expect(findingsOf(sink).filter((rule) => rule !== 'sequence-start')).toEqual([]);
      const files = [...sink.packets.keys()].map((name) => name.replace(/^main_\d_/, ''));
      expect(Math.max(...files.map(Number))).toBeLessThan(4);
    }
  });

  it('drops what a flight recorder holds, which later snapshots do not have', () => {
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(tick);
    const size = { subbufBytes: 64, subbufCount: 4, mode: 'overwrite' } as const;
    session.enable(point, session.channel('flight', size));
    const sinks = [new MemorySink(), new MemorySink(), new MemorySink()];
    process.spawn(function* controller(t) {
      for (const value of [1, 2, 3]) yield* point.emit(t, { value });
      yield* session.snapshot(t, sinks[0]!);
      yield* session.clear(t);
      yield* session.snapshot(t, sinks[1]!);
      for (const value of [4, 5]) yield* point.emit(t, { value });
      yield* session.snapshot(t, sinks[2]!);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(sinks.map((sink) => valuesOf(sink))).toEqual([[1, 2, 3], [], [4, 5]]);
    expect(session.statistics().channels[0]).toMatchObject({ recorded: 2, lostPackets: 0 });
  });
});
