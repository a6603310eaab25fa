import { Errno, Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/consumer/trace-sink.js';
import type { TraceSink } from '../../src/consumer/trace-sink.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { u32 } from '../../src/events/field.js';
import type { ChannelOptions } from '../../src/session/channel-options.js';
import { Session } from '../../src/session/session.js';
import type { SessionOptions } from '../../src/session/session.js';
import type { Tracepoint } from '../../src/session/tracepoint.js';
import { TracerError } from '../../src/tracer-error.js';
import { findingsOf, readPackets, valuesOf } from './read-trace.js';

const tick = defineEvent('lab:tick', { fields: { value: u32() } });

type Tick = Tracepoint<typeof tick.fields>;

interface Lab {
  readonly session: Session;
  readonly point: Tick;
}

/** One thread that does everything; how the machine ended. */
function alone(
  body: (t: Thread, lab: Lab) => Operation<void>,
  options: {
    sink?: TraceSink;
    session?: SessionOptions;
    channel?: ChannelOptions;
    cpus?: number;
  } = {},
): Session {
  const machine = new Machine(
    { cpus: options.cpus ?? 2, kernel: [rseq()], maxThreads: 8 },
    new TimedDirector(),
  );
  const process = machine.createProcess('main');
  const session = Session.create(machine, process, options.session);
  const point = session.tracepoint(tick);
  session.enable(point, session.channel('main', options.channel));
  if (options.sink !== undefined) session.spawnConsumers(options.sink);
  process.spawn(function* controller(t) {
    yield* body(t, { session, point });
  });
  expect(machine.run({ decisions: 1_000_000 }).outcome).toBe('finished');
  return session;
}

/** The code of what an operation throws. */
function* codeOf(operation: Operation<unknown>): Operation<string> {
  try {
    yield* operation;
    return 'nothing';
  } catch (error) {
    return error instanceof TracerError ? error.code : String(error);
  }
}

function* emit(t: Thread, point: Tick, ...values: readonly number[]): Operation<void> {
  for (const value of values) yield* point.emit(t, { value });
}

describe('a session', () => {
  it('records between start and stop, as often as one likes, into one trace', () => {
    const sink = new MemorySink();
    const session = alone(
      function* (t, { session: own, point }) {
        yield* emit(t, point, 1);
        expect(yield* own.start(t)).toBe(0);
        yield* emit(t, point, 2);
        yield* own.stop(t);
        yield* emit(t, point, 3);
        expect(yield* own.start(t)).toBe(0);
        yield* emit(t, point, 4, 5);
        yield* own.stop(t);
        yield* emit(t, point, 6);
      },
      { sink, session: { isActive: false } },
    );
    expect(valuesOf(sink)).toEqual([2, 4, 5]);
    expect(findingsOf(sink)).toEqual([]);
    expect(session.statistics()).toMatchObject({ recorded: 3, discarded: 0, isActive: false });
    expect(new Set(readPackets(sink).map(({ cpu }) => cpu))).toEqual(new Set([0, 1]));
  });

  it('refuses orders in the wrong order, each with a code of its own', () => {
    const codes: string[] = [];
    alone(
      function* (t, { session }) {
        codes.push(yield* codeOf(session.start(t)));
        yield* session.stop(t);
        codes.push(yield* codeOf(session.stop(t)));
        yield* session.start(t);
        yield* session.destroy(t);
        const sink = new MemorySink();
        for (const order of [
          session.start(t),
          session.stop(t),
          session.clear(t),
          session.rotate(t, sink),
          session.snapshot(t, sink),
          session.destroy(t),
        ])
          codes.push(yield* codeOf(order));
      },
      { sink: new MemorySink() },
    );
    expect(codes).toEqual([
      'ERR_ACTIVE',
      'ERR_INACTIVE',
      ...Array<string>(6).fill('ERR_DESTROYED'),
    ]);
  });

  it('has its lock given back by an order that was refused', () => {
    alone(function* (t, { session }) {
      expect(yield* codeOf(session.rotate(t, new MemorySink()))).toBe('ERR_OUTPUT');
      expect(yield* codeOf(session.start(t))).toBe('ERR_ACTIVE');
      yield* session.stop(t);
    });
  });

  it('needs a sink that can discard to be cleared, and for a ring of files', () => {
    const plain: TraceSink = { metadata: () => undefined, packet: () => undefined };
    alone(
      function* (t, { session }) {
        expect(yield* codeOf(session.clear(t))).toBe('ERR_OUTPUT');
        yield* session.stop(t);
      },
      { sink: plain },
    );
    const channel = { traceFileBytes: 4096, traceFileCount: 2 };
    const refused = (): unknown =>
      alone(
        function* () {
          // It does not come so far.
        },
        { sink: plain, channel },
      );
    expect(refused).toThrow('expected a sink with discard() for the ring of files of channel main');
    alone(
      function* (t, { session }) {
        expect(yield* codeOf(session.rotate(t, plain))).toBe('ERR_OUTPUT');
        yield* session.stop(t);
      },
      { sink: new MemorySink(), channel },
    );
  });

  it('that is destroyed has everything in its trace, and records nothing more', () => {
    const sink = new MemorySink();
    alone(
      function* (t, { session, point }) {
        yield* emit(t, point, 1, 2);
        yield* session.destroy(t);
        // The consumers have ended: what is read here is whole.
        expect(valuesOf(sink)).toEqual([1, 2]);
        yield* emit(t, point, 3);
      },
      { sink },
    );
    expect(valuesOf(sink)).toEqual([1, 2]);
  });

  it('does not start where the machine has no room for its consumers', () => {
    const session = alone(
      function* (t, { session: own, point }) {
        expect(yield* own.start(t)).toBe(-Errno.EAGAIN);
        yield* emit(t, point, 1);
      },
      { sink: new MemorySink(), session: { isActive: false }, cpus: 16 },
    );
    expect(session.statistics()).toMatchObject({ emitted: 0, isActive: false });
  });

  it('takes channels, events and consumers before consumers are spawned', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const session = Session.create(machine, machine.createProcess('main'));
    const channel = session.channel('main');
    const point = session.tracepoint(tick);
    session.spawnConsumers(new MemorySink());
    const codes = [
      (): unknown => session.channel('late'),
      (): unknown => session.enable(point, channel),
      (): unknown => {
        session.spawnConsumers(new MemorySink());
        return undefined;
      },
    ].map((call) => {
      try {
        return call();
      } catch (error) {
        return (error as TracerError).code;
      }
    });
    expect(codes).toEqual(['ERR_CHANNEL', 'ERR_EVENT', 'ERR_OUTPUT']);
  });

  it.each<ChannelOptions>([
    { readTimerNs: 0 },
    { switchTimerNs: -1 },
    { switchTimerNs: Infinity },
    { traceFileBytes: 100 },
    { traceFileBytes: -1 },
    { traceFileCount: 2 },
    { traceFileBytes: 8192, traceFileCount: 1.5 },
  ])('has no channel with %o', (channel) => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const session = Session.create(machine, machine.createProcess('main'));
    expect(() => session.channel('main', channel)).toThrow(TracerError);
  });
});
