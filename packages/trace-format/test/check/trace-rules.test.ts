import { describe, expect, it } from 'vitest';
import { checkTrace } from '../../src/check/check-trace.js';
import type { TraceFiles } from '../../src/check/check-trace.js';
import { TRACE_RULES } from '../../src/check/trace-rules.js';
import type { TraceFinding, TraceRule } from '../../src/check/trace-rules.js';
import { indexEntryOf } from '../../src/index-file/index-entry.js';
import { indexEntryBytes, indexHeader } from '../../src/index-file/write-index.js';
import type { ByteSource } from '../../src/stream/byte-source.js';
import { PacketReader } from '../../src/packet/packet-reader.js';
import { METADATA, TRACE, broken, file, ticks } from '../tick-trace.js';
import { BROKEN_TRACES, RANGE, good, next, wrappedBy } from './broken-traces.js';

function findings(files: Partial<TraceFiles>): TraceFinding[] {
  return [...checkTrace({ metadata: METADATA, sources: [], ...files })];
}

function indexOf(packets: readonly Uint8Array[], change: (entry: DataView) => void): Uint8Array {
  const pieces: Uint8Array[] = [indexHeader()];
  let at = 0;
  for (const packet of packets) {
    pieces.push(indexEntryBytes(indexEntryOf(new PacketReader(TRACE).open(packet), at)));
    at += packet.length;
  }
  const bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  change(new DataView(bytes.buffer, 16));
  return bytes;
}

describe('the strict checker', () => {
  it.each(Object.entries(BROKEN_TRACES))(
    'finds a broken %s, and nothing in its twin',
    (rule, packets) => {
      const found = findings({ sources: [file('stream', ...packets.broken)] });
      expect(found.map((finding) => finding.rule)).toContain(rule);
      expect(found.find((finding) => finding.rule === rule)).toMatchObject({
        severity: TRACE_RULES[rule as TraceRule].severity,
        file: 'stream',
        packet: expect.any(Number) as number,
      });
      expect(findings({ sources: [file('stream', ...packets.good)] })).toEqual([]);
    },
  );

  it('has a case for every rule', () => {
    expect([...Object.keys(BROKEN_TRACES), 'index', 'metadata'].sort()).toEqual(
      Object.keys(TRACE_RULES).sort(),
    );
  });

  it('finds nothing in an idle CPU, in a packet that ends long after its last event, in long times', () => {
    expect(findings({ sources: [file('stream', ticks({ ticks: [], end: 1000n }))] })).toEqual([]);
    expect(findings({ sources: [file('stream', wrappedBy(2n, 1n))] })).toEqual([]);
    const long = ticks({ ticks: [100n, 100n + 2n * RANGE] });
    expect(findings({ sources: [file('stream', long)] })).toEqual([]);
  });

  it('takes a gap of exactly the range for what it is when the packet says so', () => {
    expect(findings({ sources: [file('stream', wrappedBy(1n))] })).toMatchObject([
      { rule: 'time-wrap' },
    ]);
    const told = ticks({ ticks: [100n, 100n + RANGE] });
    expect(findings({ sources: [file('stream', told)] })).toEqual([]);
  });

  it('reads on behind what is wrong, and tells a rule once a packet', () => {
    const late = ticks({ ticks: [40n, 50n, 60n], sequence: 1n, end: 45n });
    const badId = broken(good, (view) => {
      view.setUint8(84, 7);
    });
    const found = findings({
      sources: [file('stream', badId, late, ticks({ ticks: [70n], sequence: 3n }))],
    });
    expect(found.map(({ rule, packet }) => [rule, packet])).toEqual([
      ['event-id', 0],
      ['event-outside-packet', 1],
      ['sequence-gap', 2],
    ]);
  });

  it('follows a stream through its files, whatever their names', () => {
    const sources = [file('a', next), file('b', good)];
    expect(findings({ sources })).toEqual([]);
    expect(findings({ sources: [...sources, file('c', next)] })).toMatchObject([
      { rule: 'duplicate-packet' },
    ]);
  });

  it('finds an index that tells of packets, of a file that has none or is not there', () => {
    const index = indexOf([good], () => undefined);
    const check = (sources: readonly ByteSource[], bytes: Uint8Array) =>
      findings({ sources, indexes: new Map([['stream', bytes]]) }).map(
        ({ rule, message }) => `${rule}: ${message}`,
      );
    const expected = 'index: expected the packets that the index tells of, got';
    expect(check([file('stream')], index)).toEqual([`${expected} an empty file`]);
    expect(check([file('other', good)], index)).toEqual([`${expected} no file`]);
    expect(check([file('stream')], indexHeader())).toEqual([]);
  });

  it('finds an index that says otherwise than its stream', () => {
    const sources = [file('stream', good, next)];
    const check = (index: Uint8Array) =>
      findings({ sources, indexes: new Map([['stream', index]]) });
    const whole = indexOf([good, next], () => undefined);
    expect(check(whole)).toEqual([]);
    for (const [n, name] of [
      'offsetBytes',
      'packetBits',
      'contentBits',
      'timestampBegin',
    ].entries())
      expect(
        check(
          indexOf([good, next], (view) => {
            view.setUint8(n * 8, 1);
          }),
        ),
      ).toMatchObject([{ rule: 'index', message: expect.stringContaining(name) as string }]);
    expect(check(whole.subarray(0, 16 + 72))).toMatchObject([
      { message: 'expected an index of 2 packets, got 1 entries' },
    ]);
    expect(check(whole.subarray(0, 15))).toMatchObject([{ rule: 'index' }]);
  });

  it('finds metadata that cannot be read, and clocks that there are not', () => {
    const text = new TextDecoder().decode(METADATA);
    const check = (metadata: string) =>
      findings({ metadata: new TextEncoder().encode(metadata) }).map(({ rule, message }) => [
        rule,
        message,
      ]);
    expect(check(text)).toEqual([]);
    expect(check(text.slice(0, -20))).toMatchObject([
      ['metadata', expect.stringMatching(/at line \d+, column \d+/)],
    ]);
    expect(check(text.replaceAll('clock.monotonic.value', 'clock.other.value'))).toEqual([
      ['metadata', 'expected a clock that is defined, got other'],
    ]);
    expect(check('')).toMatchObject([['metadata', expect.any(String)]]);
  });
});
