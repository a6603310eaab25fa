import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceClass } from '../../src/metadata/trace-class.js';
import { memorySource } from '../../src/stream/byte-source.js';
import type { ByteSource } from '../../src/stream/byte-source.js';
import { nsFromOrigin } from '../../src/stream/clock-time.js';
import { dataStreams } from '../../src/stream/data-stream.js';
import { mergeEvents } from '../../src/stream/merge-events.js';
import type { MergeListener } from '../../src/stream/merge-events.js';
import { AT, TRACE, broken, file, ticks } from '../tick-trace.js';

function merged(sources: readonly ByteSource[], listener: MergeListener = {}, trace = TRACE) {
  const streams = dataStreams(trace, sources);
  return [...mergeEvents([{ trace, streams }], listener)].map(({ event }) => ({
    cycles: event.cycles,
    instance: event.packet.streamInstance,
  }));
}

describe('merged events', () => {
  it('come in the order of time, those of the same time in the order of streams', () => {
    const times = fc.array(fc.bigInt({ min: 0n, max: 40n }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 9 }), (streams) => {
        const sorted = streams.map((each) => [...each].sort((a, b) => Number(a - b)));
        const sources = sorted.map((each, n) =>
          file(`s${n}`, ticks({ ticks: each, instance: BigInt(n) })),
        );
        const expected = sorted
          .flatMap((each, n) => each.map((cycles) => ({ cycles, instance: BigInt(n) })))
          .sort((a, b) => Number(a.cycles - b.cycles) || Number(a.instance - b.instance));
        expect(merged(sources)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('of a stream that goes on in other files come one file after the other', () => {
    const sources = [2n, 0n, 1n].map((n) =>
      file(`part ${n}`, ticks({ ticks: [n * 10n, n * 10n + 1n], sequence: n, instance: 7n })),
    );
    expect(merged(sources).map(({ cycles }) => cycles)).toEqual([0n, 1n, 10n, 11n, 20n, 21n]);
    expect(dataStreams(TRACE, sources)).toHaveLength(1);
  });

  it('of clocks with other offsets are compared by nanoseconds', () => {
    const later: TraceClass = {
      ...TRACE,
      clocks: new Map([['monotonic', { ...TRACE.clocks.get('monotonic')!, offsetCycles: 15n }]]),
    };
    const traces = [TRACE, later].map((trace) => ({
      trace,
      streams: dataStreams(trace, [file('s', ticks({ ticks: [0n, 10n, 20n] }))]),
    }));
    const order = [...mergeEvents(traces)].map(({ trace }) =>
      trace === later ? 'later' : 'first',
    );
    expect(order).toEqual(['first', 'first', 'later', 'first', 'later', 'later']);
  });

  it('go on without a stream that breaks, which is told, or thrown where nobody listens', () => {
    const bad = broken(ticks({ ticks: [1n, 2n], instance: 1n }), (view) => {
      view.setUint8(AT.tag, 9);
    });
    const sources = [file('good', ticks({ ticks: [0n, 3n] })), file('bad', bad)];
    const told: string[] = [];
    expect(
      merged(sources, { broken: ({ code, position }) => told.push(`${code} ${position.file}`) }),
    ).toMatchObject([{ cycles: 0n }, { cycles: 3n }]);
    expect(told).toEqual(['ERR_TAG bad']);
    expect(() => merged(sources)).toThrow(expect.objectContaining({ code: 'ERR_TAG' }));
  });

  it('come with their packets, of empty streams and files too', () => {
    const packets: (string | undefined)[] = [];
    const sources = [
      file('idle', ticks({ ticks: [], begin: 5n, end: 9n })),
      memorySource('empty', new Uint8Array(0)),
    ];
    const listener = {
      packet: (packet: { timestampEnd: bigint | undefined }) =>
        packets.push(String(packet.timestampEnd)),
    };
    expect(merged(sources, { packet: (packet) => void listener.packet(packet) })).toEqual([]);
    expect(packets).toEqual(['9']);
  });
});

describe('a time in nanoseconds', () => {
  const clock = {
    ...TRACE.clocks.get('monotonic')!,
    frequencyHz: 3n,
    offsetSeconds: -1n,
    offsetCycles: 1n,
  };

  it('is from the origin of its clock, and cycles without one', () => {
    expect(nsFromOrigin(clock, 4n)).toBe(-1_000_000_000n + 333_333_333n + 1_333_333_333n);
    expect(nsFromOrigin(undefined, 4n)).toBe(4n);
  });
});
