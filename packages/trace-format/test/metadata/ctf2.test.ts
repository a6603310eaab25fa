import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ctf2MetadataText } from '../../src/metadata/ctf2/write-ctf2.js';
import { jsonSequence, parseJsonSequence } from '../../src/metadata/ctf2/json-sequence.js';
import type { Json } from '../../src/metadata/ctf2/json-sequence.js';
import { parseMetadata } from '../../src/metadata/parse-metadata.js';
import type { TraceClass } from '../../src/metadata/trace-class.js';
import { metadataText } from '../../src/metadata/write-metadata.js';
import { memorySource } from '../../src/stream/byte-source.js';
import { dataStreams } from '../../src/stream/data-stream.js';
import { mergeEvents } from '../../src/stream/merge-events.js';
import { EventText } from '../../src/text/event-text.js';
import type { HeaderKind } from '../../src/packet/packet-layout.js';
import { examplePackets, exampleTrace } from '../example-trace.js';
import { ticks, TRACE } from '../tick-trace.js';

const SEPARATOR = '\x1e';

function lines(trace: TraceClass, bytes: Uint8Array): string[] {
  const text = new EventText({ time: 'seconds', delta: true });
  const streams = dataStreams(trace, [memorySource('stream', bytes)]);
  return [...mergeEvents([{ trace, streams }])].map((event) => text.line(event));
}

describe('metadata of CTF 2', () => {
  it.each<HeaderKind>(['compact', 'large'])(
    'describes the same streams with %s headers',
    (kind) => {
      const { trace } = exampleTrace(kind);
      const bytes = examplePackets(kind, [100n, 101n + 2n ** 28n, 2n ** 40n]);
      const [first, second] = [
        parseMetadata(metadataText(trace)),
        parseMetadata(ctf2MetadataText(trace)),
      ];
      expect(lines(second, bytes)).toEqual(lines(first, bytes));
      expect(lines(second, bytes)).toHaveLength(5);
      expect(second).toMatchObject({
        major: 2,
        uuid: trace.uuid,
        environment: trace.environment,
        clocks: trace.clocks,
      });
    },
  );

  it('has variants chosen by ranges, in payloads too', () => {
    const bytes = ticks({ ticks: [1n, 2n] });
    expect(lines(parseMetadata(ctf2MetadataText(TRACE)), bytes)).toEqual(
      lines(parseMetadata(metadataText(TRACE)), bytes),
    );
  });

  it('is a sequence of JSON with integers of any size', () => {
    const value = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
        fc.string(),
        fc.boolean(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    const plain = (json: Json): unknown =>
      JSON.parse(
        JSON.stringify(json, (_, each: unknown) =>
          typeof each === 'bigint' ? `n${each}` : typeof each === 'number' ? `n${each}` : each,
        ),
      );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (values) => {
        const usable = values.filter((each) => !JSON.stringify(plain(each)).includes('__proto__'));
        const read = parseJsonSequence(jsonSequence(usable));
        expect(read.map((each) => plain(each.value))).toEqual(usable.map(plain));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['no JSON', `${SEPARATOR}{`, 'expected JSON from line 1 on'],
    ['no preamble', `${SEPARATOR}{"type":"trace-class"}`, 'expected a preamble'],
    ['another version', `${SEPARATOR}{"type":"preamble","version":3}`, 'expected version 2'],
    [
      'an unknown fragment',
      `${SEPARATOR}{"type":"preamble","version":2}\n${SEPARATOR}{"type":"x"}`,
      'fragment at line 2',
    ],
    ['nothing', SEPARATOR, 'expected a preamble, got nothing'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => parseMetadata(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_METADATA',
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  it('with field classes that are not read is refused by their name', () => {
    const text = ctf2MetadataText(TRACE).replace(
      '"fixed-length-unsigned-integer"',
      '"variable-length-unsigned-integer"',
    );
    expect(() => parseMetadata(text)).toThrow(/not variable-length-unsigned-integer/);
  });
});
