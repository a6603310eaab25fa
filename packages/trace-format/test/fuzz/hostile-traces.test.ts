import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTrace } from '../../src/check/check-trace.js';
import { parseIndex } from '../../src/index-file/read-index.js';
import { parseMetadata } from '../../src/metadata/parse-metadata.js';
import { metadataText } from '../../src/metadata/write-metadata.js';
import { memorySource } from '../../src/stream/byte-source.js';
import { dataStreams } from '../../src/stream/data-stream.js';
import { mergeEvents } from '../../src/stream/merge-events.js';
import { EventText } from '../../src/text/event-text.js';
import { TraceFormatError } from '../../src/trace-format-error.js';
import { examplePackets, exampleTrace } from '../example-trace.js';

const STREAM = examplePackets('compact', [100n, 2n ** 28n, 2n ** 40n]);
const METADATA = new TextEncoder().encode(metadataText(exampleTrace('compact').trace));

/** Changes of bytes: one set, one inserted, some left out, some repeated. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  how: fc.constantFrom('set', 'flip', 'insert', 'remove', 'repeat'),
  value: fc.integer({ min: 0, max: 255 }),
  count: fc.integer({ min: 1, max: 40 }),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  let now = [...bytes];
  for (const { at, how, value, count } of changes) {
    const place = Math.floor(at * now.length);
    if (how === 'set') now[place] = value;
    else if (how === 'flip') now[place] = (now[place] ?? 0) ^ (1 << (value & 7));
    else if (how === 'insert') now.splice(place, 0, value);
    else if (how === 'remove') now.splice(place, count);
    else now = [...now.slice(0, place + count), ...now.slice(place)];
  }
  return Uint8Array.from(now);
}

/** Uses all of a trace; only errors of the format may come, with their code and place. */
function use(metadata: Uint8Array, stream: Uint8Array): { events: number; codes: string[] } {
  const sources = [memorySource('stream', stream)];
  const codes: string[] = [];
  let events = 0;
  const note = (error: TraceFormatError): void => {
    expect(error.message).not.toBe('');
    codes.push(error.code);
  };
  try {
    const trace = parseMetadata(metadata);
    const text = new EventText({ time: 'seconds', delta: true });
    const merged = mergeEvents([{ trace, streams: dataStreams(trace, sources) }], { broken: note });
    for (const event of merged) events += text.line(event).length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    note(error);
  }
  for (const finding of checkTrace({ metadata, sources })) expect(finding.file).not.toBe('');
  return { events, codes };
}

describe('whatever the bytes are, a reader ends with events or with an error of the format', () => {
  it('of a stream that was changed', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const { events } = use(METADATA, changed(STREAM, changes));
        expect(events).toBeLessThanOrEqual(STREAM.length);
      }),
      { numRuns: 120 },
    );
  });

  it('of metadata that was changed', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        use(changed(METADATA, changes), STREAM);
      }),
      { numRuns: 60 },
    );
  });

  it('of random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(use(METADATA, bytes).events).toBe(0);
        use(bytes, STREAM);
        try {
          parseIndex(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_INDEX' });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of metadata that is cut at any byte', () => {
    for (let size = 0; size < METADATA.length; size += 7) use(METADATA.subarray(0, size), STREAM);
  });
});

describe('metadata that is made to take time or memory', () => {
  const trace = (fields: string): string =>
    `/* CTF 1.8 */ typealias integer { size = 8; } := u8;
     trace { major = 1; minor = 8; byte_order = le; };
     stream { id = 0; }; ${fields}`;
  const event = (fields: string): string =>
    trace(`event { name = "e"; id = 0; stream_id = 0; fields := struct { ${fields} }; };`);
  const read = (metadata: string, bytes = new Uint8Array(4096).fill(0xff)): string[] =>
    use(new TextEncoder().encode(metadata), bytes).codes;

  it('with types in types without end is refused', () => {
    const [deep, wide] = [20_000, 40];
    const nested = `${'struct { '.repeat(deep)}u8 x;${'} x;'.repeat(deep)}`;
    expect(read(event(nested))).toEqual(['ERR_METADATA']);
    expect(read(event(`u8 x${'[1]'.repeat(deep)};`))).toEqual(['ERR_METADATA']);
    const doubled = Array.from(
      { length: wide },
      (_, n) => `struct s${n + 1} { struct s${n} a; struct s${n} b; };`,
    ).join('\n');
    expect(read(trace(`struct s0 { u8 x; }; ${doubled}`))).toEqual(['ERR_METADATA']);
  });

  it('with elements that take no bits is read up to what the packet has bits', () => {
    expect(read(event('u8 n; struct { } x[4294967295];'))).toEqual(['ERR_TRUNCATED']);
    expect(read(event('u8 n; integer { size = 16; } z; struct { } x[z][z][z];'))).toEqual([
      'ERR_TRUNCATED',
    ]);
    expect(read(event('struct { } x;'))).toEqual(['ERR_EVENT']);
  });

  it('with long texts, comments and names is read', () => {
    const long = 'x'.repeat(200_000);
    const comments = '/* */ // \n'.repeat(50_000);
    expect(
      read(`${comments}${event(`u8 ${long};`)}env { a = "${'\\n'.repeat(100_000)}"; };`),
    ).toEqual([]);
  });

  it('with a field that is called as the prototype of objects is refused', () => {
    expect(read(event('u8 ___proto__;'))).toEqual(['ERR_METADATA']);
  });
});
