import { describe, expect, it } from 'vitest';
import type { Thread } from '@rseqlab/sim-machine';
import { array, blob, enumeration, f64, sequence, text } from '../../src/events/composed-fields.js';
import { textArray } from '../../src/events/composed-fields.js';
import { defineEvent, writePayload } from '../../src/events/event-definition.js';
import type { EventDefinition } from '../../src/events/event-definition.js';
import { i16, u32, u64, u8 } from '../../src/events/field.js';
import { PayloadWriter } from '../../src/events/payload-writer.js';
import type { Tracepoint } from '../../src/session/tracepoint.js';
import { TracerError } from '../../src/tracer-error.js';

/** The code and the message of what a call throws. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof TracerError ? `${error.code}: ${error.message}` : String(error);
  }
  return 'nothing thrown';
}

const requestFields = { id: u32(), path: text(), method: enumeration({ GET: 0, PUT: 1 }) };

it('takes fields and has them', () => {
  expect(defineEvent('shop:request', { fields: requestFields }).fields).toBe(requestFields);
});

/** Never called: what must not compile. */
export function* compiles(t: Thread, point: Tracepoint<typeof requestFields>) {
  yield* point.emit(t, { id: 1, path: '/', method: 'GET' });
  // @ts-expect-error a string for an integer
  yield* point.emit(t, { id: '1', path: '/', method: 'GET' });
  // @ts-expect-error a name that the enumeration does not have
  yield* point.emit(t, { id: 1, path: '/', method: 'POST' });
  // @ts-expect-error a field is missing
  yield* point.emit(t, { id: 1, path: '/' });
  // @ts-expect-error a field that the event does not have
  yield* point.emit(t, { id: 1, path: '/', method: 'GET', size: 1 });
  // @ts-expect-error a field has to have a type of field
  defineEvent('shop:wrong', { fields: { id: 'u32' } });
}

describe('an event', () => {
  it.each(['request', 'shop:', ':request', 'shop:a:b', 'shop:a b', '1shop:a', ''])(
    'is not named %j',
    (name) => {
      expect(refusal(() => defineEvent(name))).toBe(
        `ERR_EVENT: expected the name of an event as "provider:name", got ${JSON.stringify(name)}`,
      );
    },
  );

  it('has fields with identifiers as names, of types that there are', () => {
    expect(refusal(() => defineEvent('a:b', { fields: { 'two words': u32() } }))).toBe(
      'ERR_FIELD: expected fields of a:b to have identifiers as names, got "two words"',
    );
    const fields = { id: 7 as never };
    expect(refusal(() => defineEvent('a:b', { fields }))).toBe(
      'ERR_FIELD: expected a:b.id to be a type of field such as u32(), got 7',
    );
    expect(refusal(() => array(u8(), 0))).toMatch('ERR_FIELD');
    expect(refusal(() => textArray(5000))).toMatch('ERR_FIELD');
    expect(refusal(() => enumeration({}))).toMatch('ERR_FIELD');
    expect(refusal(() => enumeration({ A: 0.5 }))).toMatch('ERR_FIELD');
  });
});

describe('the values of an event', () => {
  const every = defineEvent('lab:every', {
    fields: { u: u8(), i: i16(), w: u64(), f: f64(), t: text(), s: sequence(u8()), b: blob() },
  }) as unknown as EventDefinition;
  const good = { u: 1, i: -1, w: 2n, f: 0.5, t: 'x', s: [1, 2], b: new Uint8Array(2) };

  it('are laid out without gaps, and filled up to a word', () => {
    const writer = new PayloadWriter();
    writePayload(writer, every, good);
    expect(writer.words()).toHaveLength(Math.ceil((1 + 2 + 8 + 8 + 2 + 4 + 4) / 4));
  });

  it.each<[field: string, value: unknown, expected: string]>([
    ['u', 256, 'an integer from 0 to 255, got 256'],
    ['u', 0.5, 'an integer from 0 to 255, got 0.5'],
    ['i', 32768, 'an integer from -32768 to 32767, got 32768'],
    ['w', -1, 'a safe integer or a bigint from 0 to 18446744073709551615, got -1'],
    ['w', 2 ** 60, 'a safe integer or a bigint'],
    ['f', '1', 'a number, got "1"'],
    ['t', 5, 'text, got 5'],
    ['s', 5, 'an array of at most 65535 elements, got 5'],
    ['s', [300], 'an integer from 0 to 255, got 300'],
    ['b', [1], 'a Uint8Array, got 1'],
    ['t', undefined, 'text, got undefined'],
  ])('are refused: %s is not %j', (field, value, expected) => {
    const write = (): void => writePayload(new PayloadWriter(), every, { ...good, [field]: value });
    expect(refusal(write)).toContain(`lab:every.${field}: expected ${expected}`);
    expect(write).toThrow(expect.objectContaining({ code: 'ERR_VALUE' }));
  });
});
