import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { text } from '../../src/events/composed-fields.js';
import { writePayload } from '../../src/events/event-definition.js';
import type { EventFields } from '../../src/events/event-definition.js';
import { i16, i32, i8, u16, u32, u64, u8 } from '../../src/events/field.js';
import { narrowPayload } from '../../src/events/narrow-payload.js';
import { LogLevel } from '../../src/events/log-level.js';
import { PayloadWriter } from '../../src/events/payload-writer.js';

const TYPES = { u8, u16, u32, i8, i16, i32 };

/** Values that fit somewhere, and those that fit nowhere. */
const values = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
  fc.integer({ min: -129, max: 256 }),
  fc.constantFrom<unknown>(
    -0,
    0.5,
    NaN,
    Infinity,
    2 ** 32,
    '7',
    7n,
    null,
    undefined,
    true,
    Symbol(),
  ),
);

const events = fc.array(
  fc.record({
    type: fc.constantFrom(...(Object.keys(TYPES) as (keyof typeof TYPES)[])),
    value: values,
  }),
  { maxLength: 9 },
);

afterEach(() => vi.unstubAllGlobals());

describe('narrowPayload', () => {
  it('lays out what the fields lay out, and refuses what they refuse', () => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(events, (drawn) => {
        const fields: EventFields = Object.fromEntries(
          drawn.map(({ type }, n) => [`f${n}`, TYPES[type]()]),
        );
        const given = Object.fromEntries(drawn.map(({ value }, n) => [`f${n}`, value]));
        const words = [1, 2, 3];
        const isFit = narrowPayload(fields)!(given, words);
        outcomes.add(isFit);
        const writer = new PayloadWriter();
        const event = { name: 'lab:any', logLevel: LogLevel.DEBUG, fields };
        const write = (): void => writePayload(writer, event, given);
        if (isFit) {
          write();
          expect(words).toEqual(writer.words());
        } else expect(write).toThrow(/expected an integer from/);
      }),
    );
    expect(outcomes).toEqual(new Set([true, false]));
  });

  it.each<[string, EventFields]>([
    ['text', { value: u32(), name: text() }],
    ['64 bits', { value: u64() }],
    ['a type of its own', { value: { ...u32(), isNarrow: false } }],
    ['33 fields', Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`f${n}`, u8()]))],
  ])('leaves an event with %s to the fields', (_, fields) => {
    expect(narrowPayload(fields)).toBeUndefined();
  });

  it('is not there where the host forbids code from strings', () => {
    vi.stubGlobal('Function', function refuse() {
      throw new EvalError('refused');
    });
    expect(narrowPayload({ value: u32() })).toBeUndefined();
  });
});
