import { describe, expect, it } from 'vitest';
import { parseMetadata } from '../../src/metadata/parse-metadata.js';
import { METADATA_MAGIC } from '../../src/metadata/unpack-metadata.js';
import { metadataText } from '../../src/metadata/write-metadata.js';
import { TraceFormatError } from '../../src/trace-format-error.js';
import { exampleTrace } from '../example-trace.js';

/** In the style in which LTTng writes its metadata. */
const LTTNG_STYLE = `/* CTF 1.8 */

typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
typealias integer { size = 64; align = 8; signed = false; } := unsigned long;
typealias integer { size = 5; align = 1; signed = false; } := uint5_t;
typealias integer { size = 27; align = 1; signed = false; map = clock.monotonic.value; } := uint27_clock_monotonic_t;
trace {
	major = 1;
	minor = 8;
	uuid = "2A6422D0-6CEE-11E0-8C08-CB07D7B3A564";
	byte_order = be;
	packet.header := struct {
		uint32_t magic;
		uint8_t  uuid[16];
		uint32_t stream_id;
	};
};
env { hostname = "\\"host\\""; tracer_major = 2; vpid = 0x10; };
clock { name = "monotonic"; freq = 1000000000; offset = 1_ };
`.replace('1_', '1351530929945824323;');

const EVENTS = `
struct packet_context { unsigned long timestamp_begin; uint32_t cpu_id; };
struct event_header_compact {
	enum : uint5_t { compact = 0 ... 30, extended = 31 } id;
	variant <id> {
		struct { uint27_clock_monotonic_t timestamp; } compact;
		struct { uint32_t id; unsigned long timestamp; } extended;
	} v;
} align(8);
stream {
	id = 0;
	event.header := struct event_header_compact;
	packet.context := struct packet_context;
	event.context := struct { integer { size = 32; align = 8; signed = 1; } _vpid; };
};
event {
	name = "ust_tests_hello:tptest"; id = 3; stream_id = 0; loglevel = 13;
	fields := struct {
		integer { size = 32; align = 8; signed = 1; encoding = none; base = 16; } _intfield;
		uint32_t __seq_length, _two[2][3];
		uint8_t _seq[ __seq_length ];
		string _s;
		floating_point { exp_dig = 8; mant_dig = 24; byte_order = le; align = 8; } _f;
		enum : uint8_t { "A", B = 5 ... 7, C, } _e;
	};
};
`;

describe('metadata', () => {
  it.each(['compact', 'large'] as const)('is read as it was written, with %s headers', (kind) => {
    const { trace } = exampleTrace(kind);
    expect(parseMetadata(metadataText(trace))).toEqual(trace);
  });

  it('is read as LTTng writes it', () => {
    const trace = parseMetadata(LTTNG_STYLE + EVENTS);
    expect(trace).toMatchObject({
      uuid: '2a6422d0-6cee-11e0-8c08-cb07d7b3a564',
      byteOrder: 'be',
      packetHeader: { fields: [{ name: 'magic', type: { byteOrder: 'be' } }, {}, {}] },
    });
    expect([...trace.environment]).toEqual([
      ['hostname', '"host"'],
      ['tracer_major', 2n],
      ['vpid', 16n],
    ]);
    expect(trace.clocks.get('monotonic')?.offsetCycles).toBe(1351530929945824323n);
    const event = trace.streams.get(0n)!.events.get(3n)!;
    expect(event).toMatchObject({ name: 'ust_tests_hello:tptest', logLevel: 13 });
    expect(event.fields!.fields.map(({ name }) => name)).toEqual([
      'intfield',
      '_seq_length',
      'two',
      'seq',
      's',
      'f',
      'e',
    ]);
    expect(event.fields!.fields[2]!.type).toMatchObject({
      kind: 'array',
      length: 2,
      element: { kind: 'array', length: 3 },
    });
    expect(event.fields!.fields[3]!.type).toMatchObject({ length: ['_seq_length'] });
    expect(event.fields!.fields[6]!.type).toMatchObject({
      mappings: [
        { label: 'A', low: 0n, high: 0n },
        { label: 'B', low: 5n, high: 7n },
        { label: 'C', low: 8n, high: 8n },
      ],
    });
  });

  it('is read out of packets', () => {
    const text = metadataText(exampleTrace('compact').trace);
    const half = Math.floor(text.length / 2);
    const packets = [text.slice(0, half), text.slice(half)].map((piece) => {
      const bytes = new Uint8Array(37 + piece.length + 5);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, METADATA_MAGIC, true);
      view.setUint32(24, (37 + piece.length) * 8, true);
      view.setUint32(28, bytes.length * 8, true);
      bytes.set(new TextEncoder().encode(piece), 37);
      return [...bytes];
    });
    const bytes = Uint8Array.from(packets.flat());
    expect(parseMetadata(bytes)).toEqual(exampleTrace('compact').trace);
    for (const wrong of [bytes.subarray(0, bytes.length - 1), bytes.subarray(0, 30)])
      expect(() => parseMetadata(wrong)).toThrow(expect.objectContaining({ code: 'ERR_METADATA' }));
  });
});

describe('metadata that is wrong', () => {
  const trace = 'trace { major = 1; minor = 8; byte_order = le; };\n';

  it.each([
    ['no trace', 'env { a = 1; };', /expected a block trace/],
    ['a block that is not closed', 'trace { major = 1;', /line 1, column 19, got the end/],
    [
      'a type that there is not',
      `${trace}event { name = "e"; fields := struct { u8 x; }; };`,
      /line 2.*u8/,
    ],
    ['an integer of 65 bits', `${trace}typealias integer { size = 65; } := x;`, /from 1 to 64/],
    ['an integer without a size', `${trace}typealias integer { signed = 1; } := x;`, /the size/],
    [
      'an alignment of 3',
      `${trace}typealias integer { size = 8; align = 3; } := x;`,
      /power of two/,
    ],
    [
      'a float of half precision',
      `${trace}typealias floating_point { exp_dig = 5; mant_dig = 11; } := h;`,
      /8\+24/,
    ],
    [
      'an unknown attribute',
      `${trace}typealias integer { size = 8; colour = 1; } := x;`,
      /not colour/,
    ],
    [
      'two events with an id',
      `${trace}event { name = "a"; id = 1; }; event { name = "b"; id = 1; };`,
      /one event with the id 1/,
    ],
    [
      'two streams with an id',
      `${trace}stream { id = 1; }; stream { id = 1; };`,
      /one stream with the id 1/,
    ],
    [
      'an event of no stream',
      `${trace}stream { id = 1; }; event { name = "a"; stream_id = 2; };`,
      /a stream that there is/,
    ],
    ['an event without a name', `${trace}event { id = 1; };`, /name of the event/],
    [
      'a range that goes down',
      `${trace}typealias enum : integer { size = 8; } { A = 3 ... 1 } := e;`,
      /does not end before/,
    ],
    ['something else', `${trace}§`, /line 2, column 1/],
    ['text that is not closed', `${trace}env { a = "x; };`, /line 2/],
  ])('with %s says where', (_, text, message) => {
    let error: unknown;
    try {
      parseMetadata(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TraceFormatError);
    expect(error).toMatchObject({ code: 'ERR_METADATA' });
    expect((error as Error).message).toMatch(message);
  });
});
