import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector, SignalNumber, raise, sigaction } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PacketReader, parseMetadata } from '@rseqlab/trace-format';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import {
  array,
  blob,
  enumeration,
  f32,
  f64,
  sequence,
  text,
  textArray,
} from '../../src/events/composed-fields.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { i16, i32, i64, i8, u16, u32, u64, u8 } from '../../src/events/field.js';
import { LogLevel } from '../../src/events/log-level.js';
import type { ChannelOptions } from '../../src/session/channel-options.js';
import { Session } from '../../src/session/session.js';
import type { TracerError } from '../../src/tracer-error.js';
import { babeltrace, hasBabeltrace } from './babeltrace.js';

const tick = defineEvent('lab:tick', { fields: { thread: u32(), value: u32() } });

const MEMORY_MODELS = ['sc', 'tso', 'weak'] as const;

interface ReadTrace {
  readonly events: readonly {
    readonly stream: string;
    readonly cycles: bigint;
    readonly text: string;
  }[];
  /** By stream: the losses that the packets tell of, in their order. */
  readonly discarded: ReadonlyMap<string, readonly bigint[]>;
  readonly sequences: ReadonlyMap<string, readonly bigint[]>;
}

/** Reads a trace with the project's own reader. */
function readTrace(sink: MemorySink): ReadTrace {
  const reader = new PacketReader(parseMetadata(sink.text));
  const events: ReadTrace['events'][number][] = [];
  const discarded = new Map<string, bigint[]>();
  const sequences = new Map<string, bigint[]>();
  for (const [stream, packets] of sink.packets) {
    discarded.set(stream, []);
    sequences.set(stream, []);
    for (const bytes of packets) {
      const packet = reader.open(bytes);
      discarded.get(stream)!.push(packet.eventsDiscarded!);
      sequences.get(stream)!.push(packet.sequence!);
      for (const { cycles, type, fields } of reader.events()) {
        expect(cycles >= packet.timestampBegin! && cycles <= packet.timestampEnd!).toBe(true);
        const values = Object.entries(fields ?? {}).map(
          ([name, value]) => `${name}=${value as number | string}`,
        );
        events.push({ stream, cycles, text: [type.name, ...values].join(' ') });
      }
    }
  }
  return { events, discarded, sequences };
}

/** Threads that each emit some ticks, and what becomes of them. */
function load(
  threads: number,
  each: number,
  channel: ChannelOptions,
  readTimerNs?: number,
  memory: MemoryModelName = 'sc',
): { readonly sink: MemorySink; readonly outcome: string } {
  const machine = new Machine({ cpus: 2, memory, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const session = Session.create(machine, process);
  const main = session.channel('main', channel);
  const point = session.tracepoint(tick);
  session.enable(point, main);
  const sink = new MemorySink();
  session.spawnConsumers(sink, readTimerNs);
  const done = process.allocate(4);
  for (let thread = 0; thread < threads; thread++)
    process.spawn(function* producer(t) {
      for (let value = 0; value < each; value++) yield* point.emit(t, { thread, value });
      if ((yield* t.fetchAdd(done, 1)) === threads - 1) yield* session.stop(t);
    });
  const { outcome } = machine.run({ decisions: 1_000_000 });
  return { sink, outcome };
}

describe('a session', () => {
  it('records all that four threads on two CPUs emit, while there is room', () => {
    const { sink, outcome } = load(4, 50, { subbufBytes: 1024, subbufCount: 16 });
    expect(outcome).toBe('finished');
    const { events, discarded } = readTrace(sink);
    expect(new Set(events.map((event) => event.text)).size).toBe(200);
    expect([...discarded.values()].flat().every((lost) => lost === 0n)).toBe(true);
  });

  it('has recorded and discarded as many as were emitted, where there is not enough room', () => {
    const { sink, outcome } = load(4, 100, { subbufBytes: 128, subbufCount: 2 }, 3000);
    expect(outcome).toBe('finished');
    const { events, discarded, sequences } = readTrace(sink);
    const lost = [...discarded.values()].reduce((sum, counts) => sum + counts.at(-1)!, 0n);
    expect(lost).toBeGreaterThan(0n);
    expect(BigInt(events.length) + lost).toBe(400n);
    for (const counts of discarded.values())
      expect([...counts]).toEqual([...counts].sort((a, b) => Number(a - b)));
    for (const numbers of sequences.values())
      expect(numbers).toEqual(numbers.map((_, n) => BigInt(n)));
  });

  it('loses nothing where producers wait for room, and a bounded time only where that is short', () => {
    const small = { subbufBytes: 128, subbufCount: 2 } as const;
    const patient = load(4, 100, { ...small, blockingTimeoutNs: Infinity }, 3000);
    expect(patient.outcome).toBe('finished');
    expect(readTrace(patient.sink).events).toHaveLength(400);
    const hasty = load(4, 100, { ...small, blockingTimeoutNs: 100 }, 30_000);
    expect(hasty.outcome).toBe('finished');
    const { events, discarded } = readTrace(hasty.sink);
    const lost = [...discarded.values()].reduce((sum, counts) => sum + counts.at(-1)!, 0n);
    expect(lost).toBeGreaterThan(0n);
    expect(BigInt(events.length) + lost).toBe(400n);
  });

  it.each(MEMORY_MODELS)('has one empty packet of a CPU that records nothing, %s', (memory) => {
    const idle = load(1, 1, {}, undefined, memory);
    const { events, sequences } = readTrace(idle.sink);
    expect(events).toHaveLength(1);
    expect([...sequences.values()].map((numbers) => numbers.length)).toEqual([1, 1]);
  });

  it.each(MEMORY_MODELS)(
    'loses events that are larger than a sub-buffer, and counts them, %s',
    (memory) => {
      const machine = new Machine({ cpus: 1, memory, kernel: [rseq()] }, new TimedDirector());
      const process = machine.createProcess('main');
      const session = Session.create(machine, process);
      const channel = session.channel('main', { subbufBytes: 64 });
      const point = session.tracepoint(defineEvent('lab:text', { fields: { text: text() } }));
      session.enable(point, channel);
      const sink = new MemorySink();
      session.spawnConsumers(sink);
      process.spawn(function* producer(t) {
        for (const length of [55, 56, 10]) yield* point.emit(t, { text: 'x'.repeat(length) });
        yield* session.stop(t);
      });
      expect(machine.run().outcome).toBe('finished');
      const { events, discarded } = readTrace(sink);
      expect(events.map((event) => event.text.length)).toEqual([55, 10].map((n) => n + 14));
      expect(discarded.get('main_0')!.at(-1)).toBe(1n);
    },
  );

  it('records what signal handlers emit, down to the fifth nested in another', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const point = session.tracepoint(tick);
    session.enable(point, session.channel('main'));
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    process.spawn(function* producer(t) {
      yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(h) {
        yield* point.emit(h, { thread: 1, value: 1 });
      });
      yield* point.emit(t, { thread: 0, value: 0 });
      yield* raise(t, SignalNumber.SIGUSR1);
      yield* point.emit(t, { thread: 0, value: 2 });
      yield* session.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(readTrace(sink).events.map((event) => event.text)).toEqual([
      'lab:tick thread=0 value=0',
      'lab:tick thread=1 value=1',
      'lab:tick thread=0 value=2',
    ]);
  });

  it('refuses a channel that cannot be, and two events of one name in a channel', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const session = Session.create(machine, machine.createProcess('main'));
    const codeOf = (call: () => unknown): unknown => {
      try {
        call();
      } catch (error) {
        return (error as TracerError).code;
      }
      return undefined;
    };
    expect(codeOf(() => session.channel('a/b'))).toBe('ERR_CHANNEL');
    expect(codeOf(() => session.channel('a', { subbufBytes: 100 }))).toBe('ERR_CHANNEL');
    const channel = session.channel('main');
    session.enable(session.tracepoint(tick), channel);
    session.enable(session.tracepoint(tick), channel);
    const other = session.tracepoint(defineEvent('lab:tick'));
    expect(codeOf(() => session.enable(other, channel))).toBe('ERR_EVENT');
    const many = session.tracepoint(defineEvent('lab:many'));
    for (let n = 0; n < 31; n++) session.enable(many, channel);
    expect(codeOf(() => session.enable(many, channel))).toBe('ERR_EVENT');
  });
});

describe.skipIf(!hasBabeltrace)('babeltrace2 (skipped where it is not installed)', () => {
  it.each(['compact', 'large'] as const)('reads the same events, %s headers', (header) => {
    const { sink } = load(4, 50, { subbufBytes: 256, subbufCount: 16, header });
    const { lines, stderr } = babeltrace(sink);
    expect(stderr).toBe('');
    const { events } = readTrace(sink);
    expect(events).toHaveLength(200);
    const printed = events.map(({ cycles, stream, text: event }) => {
      const [name, ...values] = event.split(' ');
      const payload = values.map((value) => value.replace('=', ' = ')).join(', ');
      const time = String(cycles).padStart(20, '0');
      return `[${time}] machine ${name}: { cpu_id = ${stream.at(-1)} }, { ${payload} }`;
    });
    expect(lines.sort()).toEqual(printed.sort());
  });

  it.each(MEMORY_MODELS)('reads fields of every type as they were given, %s', (memory) => {
    const machine = new Machine({ cpus: 1, memory, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const session = Session.create(machine, process);
    const every = defineEvent('lab:every', {
      logLevel: LogLevel.INFO,
      fields: {
        a: u8(),
        b: u16({ base: 16 }),
        c: u32(),
        d: u64(),
        e: i8(),
        f: i16(),
        g: i32(),
        h: i64(),
        i: f32(),
        j: f64(),
        k: text(),
        l: textArray(8),
        m: array(u16(), 3),
        n: sequence(i32()),
        o: enumeration({ ON: 1, OFF: -1 }),
        p: blob(),
        q: sequence(text()),
      },
    });
    const point = session.tracepoint(every);
    session.enable(point, session.channel('main'));
    const sink = new MemorySink();
    session.spawnConsumers(sink);
    process.spawn(function* producer(t) {
      yield* point.emit(t, {
        a: 255,
        b: 0xbeef,
        c: 0xffffffff,
        d: 2n ** 64n - 1n,
        e: -128,
        f: -2,
        g: -(2 ** 31),
        h: -(2n ** 63n),
        i: 1.5,
        j: -0.1,
        k: 'grüße',
        l: 'long name',
        m: [1, 2, 65535],
        n: [-7, 7],
        o: 'OFF',
        p: Uint8Array.of(1, 255),
        q: ['x', ''],
      });
      yield* session.stop(t);
    });
    machine.run();
    const { lines, stderr } = babeltrace(sink);
    expect(stderr).toBe('');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.split('}, { ')[1]).toBe(
      'a = 255, b = 0xBEEF, c = 4294967295, d = 18446744073709551615, e = -128, f = -2, ' +
        'g = -2147483648, h = -9223372036854775808, i = 1.5, j = -0.1, k = "grüße", l = "long nam", ' +
        'm = [ [0] = 1, [1] = 2, [2] = 65535 ], _n_length = 2, n = [ [0] = -7, [1] = 7 ], ' +
        'o = ( "OFF" : container = -1 ), _p_length = 2, p = [ [0] = 0x1, [1] = 0xFF ], ' +
        '_q_length = 2, q = [ [0] = "x", [1] = "" ] }',
    );
  });
});
