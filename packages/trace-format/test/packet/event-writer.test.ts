import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isByteStructure } from '../../src/fields/byte-layout.js';
import type { EnumerationType, StructureType } from '../../src/fields/field-type.js';
import type { StructureValue } from '../../src/fields/field-value.js';
import type { EventClass, StreamClass } from '../../src/metadata/trace-class.js';
import { eventHeaderType } from '../../src/packet/packet-layout.js';
import type { HeaderKind } from '../../src/packet/packet-layout.js';
import { PacketWriter } from '../../src/packet/packet-writer.js';
import { exampleTrace } from '../example-trace.js';
import { structure } from '../fields/arbitrary-event.js';
import type { TypedStructure } from '../fields/arbitrary-event.js';

interface Scopes {
  readonly fields: TypedStructure;
  readonly context: TypedStructure | null;
  readonly streamContext: TypedStructure | null;
}

interface Step {
  readonly gap: bigint;
  readonly isWide: boolean;
  /** What the first field is instead, if anything. */
  readonly wrong: unknown;
}

const BEGIN = 2n ** 33n - 3n;

const step: fc.Arbitrary<Step> = fc.record({
  gap: fc.oneof(
    { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: 9n }) },
    fc.constantFrom(-1n, 2n ** 27n - 1n, 2n ** 27n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 40n),
  ),
  isWide: fc.boolean(),
  wrong: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    fc.constantFrom(null, 1.5, -1, 2 ** 33, 2n ** 64n, 'ü', 'a\0b', 'x'.repeat(40), [], {}),
  ),
});

/** Mostly of bytes: one scope that is not leaves all to the parts. */
const scope = fc.oneof(
  { weight: 9, arbitrary: structure.filter(({ type }) => isByteStructure(type)) },
  structure,
);

const scopes: fc.Arbitrary<Scopes> = fc.record({
  fields: scope,
  context: fc.option(scope),
  streamContext: fc.option(scope),
});

/** What a packet has, and what was said of each event, where it is written by a stream with such headers. */
function packet(
  { fields, context, streamContext }: Scopes,
  steps: readonly Step[],
  capacity: number,
  kind: HeaderKind,
  hasUsualHeaders: boolean,
) {
  const { trace } = exampleTrace(kind);
  const event: EventClass = {
    id: 3n,
    name: 'lab:any',
    fields: fields.type,
    ...(context && { context: context.type }),
  };
  const stream: StreamClass = {
    ...exampleTrace(kind).stream,
    ...(streamContext && { eventContext: streamContext.type }),
    eventHeader: hasUsualHeaders ? eventHeaderType(kind, 'monotonic') : otherHeader(kind),
    events: new Map([[3n, event]]),
  };
  const writer = new PacketWriter(trace, stream, kind, capacity, {
    ...(hasUsualHeaders && { textEncoder: new TextEncoder() }),
  });
  const events = writer.event(event);
  writer.begin({ timestampBegin: BEGIN, sequence: 0n, cpuId: 0 });
  let time = BEGIN;
  const said = steps.map(({ gap, isWide, wrong }) => {
    const name = Object.keys(fields.value)[0]!;
    const value = wrong === undefined ? fields.value : { ...fields.value, [name]: wrong };
    try {
      const isWritten = events.write(
        isWide ? time + gap : Number(time + gap),
        value as StructureValue,
        context?.value,
        streamContext?.value,
      );
      if (isWritten) time += gap;
      return isWritten;
    } catch (error) {
      return (error as Error).message;
    }
  });
  // What is behind the events must be as it was, too.
  const end = { timestampEnd: time, eventsDiscarded: 0n, sizeBytes: capacity };
  return { said, bytes: writer.end(end).slice() };
}

/** The same bits, of which ids are shown otherwise: no code is generated for whole events. */
function otherHeader(kind: HeaderKind): StructureType {
  const [id, ...others] = eventHeaderType(kind, 'monotonic').fields;
  const type = id!.type as EnumerationType;
  const shown: EnumerationType = { ...type, container: { ...type.container, base: 16 } };
  return { kind: 'structure', minAlignBits: 8, fields: [{ name: 'id', type: shown }, ...others] };
}

describe.each<HeaderKind>(['compact', 'large'])('events with %s headers', (kind) => {
  it('are the same bytes, and refused the same, by one function and by their parts', () => {
    fc.assert(
      fc.property(
        scopes,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 92, max: 500 }),
        (any, steps, capacity) => {
          for (const size of [capacity, 900])
            expect(packet(any, steps, size, kind, true)).toEqual(
              packet(any, steps, size, kind, false),
            );
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('what writes events of a kind', () => {
  const { trace, stream } = exampleTrace('compact');
  const tick = stream.events.get(0n)!;
  const begin = { timestampBegin: 10n, sequence: 0n, cpuId: 0 };
  const end = { timestampEnd: 20n, eventsDiscarded: 0n };

  it('is the same for all packets, and refuses events between them', () => {
    const writer = new PacketWriter(trace, stream, 'compact', 256);
    const ticks = writer.event(tick);
    expect(writer.event(tick)).toBe(ticks);
    const refused: unknown = expect.objectContaining({
      code: 'ERR_VALUE',
      message: 'expected lab:tick in a packet that was begun, got none',
    });
    const words = new Int32Array(4);
    const bytes = new Uint8Array(4);
    for (let n = 0; n < 2; n++) {
      expect(() => ticks.write(11, { value: 1 })).toThrow(refused);
      expect(() => ticks.writeLaidOut(11, bytes, 0, 4)).toThrow(refused);
      expect(ticks.writeWords(1, words, 0, 1)).toBe(false);
      writer.begin(begin);
      expect(ticks.write(11, { value: 1 })).toBe(true);
      expect(writer.write(tick, 12, { value: 1 })).toBe(true);
      expect(writer.end(end)).toHaveLength(84 + 2 * 8);
    }
  });

  it('refuses a value that is wrong also where there is no room for the event', () => {
    const text: EventClass = {
      id: 3n,
      name: 'lab:text',
      fields: {
        kind: 'structure',
        minAlignBits: 1,
        fields: [
          { name: 'first', type: { kind: 'string', encoding: 'UTF8' } },
          { name: 'second', type: { kind: 'string', encoding: 'UTF8' } },
        ],
      },
    };
    const ofText = { ...stream, events: new Map([[3n, text]]) };
    const writer = new PacketWriter(trace, ofText, 'compact', 84 + 12);
    const events = writer.event(text);
    writer.begin(begin);
    expect(events.write(11, { first: '0123456789', second: '' })).toBe(false);
    expect(() => events.write(11, { first: '0123456789', second: 'a\0b' })).toThrow(
      expect.objectContaining({ code: 'ERR_VALUE' }),
    );
    expect(events.write(11, { first: '012', second: '12' })).toBe(true);
    expect(writer.end(end)).toHaveLength(84 + 4 + 7);
  });

  it('is not there for events of other streams', () => {
    const writer = new PacketWriter(trace, stream, 'compact', 256);
    expect(() => writer.event({ ...tick })).toThrow(
      expect.objectContaining({
        code: 'ERR_VALUE',
        message: 'expected an event of stream 0, got lab:tick',
      }),
    );
  });
});
