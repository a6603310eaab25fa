import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  array,
  blob,
  enumeration,
  f64,
  sequence,
  text,
  textArray,
} from '../../src/events/composed-fields.js';
import { defineEvent } from '../../src/events/event-definition.js';
import { i32, i64, u32, u64, u8 } from '../../src/events/field.js';
import { structure } from '../../src/events/structure.js';
import { compileFilter } from '../../src/filter/compile-filter.js';
import type { TracerError } from '../../src/tracer-error.js';

const every = defineEvent('lab:every', {
  fields: {
    small: u32(),
    signed: i32(),
    wide: u64(),
    long: i64(),
    real: f64(),
    msg: text(),
    name: textArray(4),
    list: array(u8(), 3),
    many: sequence(i32()),
    raw: blob(),
    mode: enumeration({ ON: 1, OFF: -1 }),
    a: structure({ b: u32(), deep: structure({ texts: sequence(text()) }) }),
  },
});

const VALUES = {
  small: 7,
  signed: -1,
  wide: 2n ** 64n - 1n,
  long: -(2n ** 63n),
  real: 1.5,
  msg: 'hello*world\0 never seen',
  name: 'abcdef',
  list: [1, 2, 3],
  many: [10, 20],
  raw: Uint8Array.of(255),
  mode: 'OFF',
  a: { b: 1, deep: { texts: ['x', 'yes'] } },
};

const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
const thread = machine.createProcess('main').spawn(
  function* web1() {
    // Only its names are asked for.
  },
  { name: 'web1' },
);

function passes(filter: string): boolean {
  return compileFilter(filter, every).passes(VALUES, thread, machine, 3);
}

describe('a filter of an event', () => {
  it.each([
    'small == 7',
    'small != 8 && !(small > 7)',
    'small & 6 == 6',
    'small << 62 == -0x4000000000000000',
    'signed == 0xffffffffffffffff',
    'signed & 0xff == 255',
    'signed >> 60 == 15',
    'wide == -1',
    'long < -9223372036854775807',
    'long == 1 << 63',
    '~small == -8',
    'real == 1.5 && real > 1 && -real < 0',
    'msg == "hello\\*world"',
    'msg == "hel*o*d"',
    'msg != "*never*"',
    '"hel*" == msg',
    'name == "abcd"',
    'list[2] == 3',
    'many[1] == 20',
    'raw[0] == 255',
    'mode == -1 && mode < 0',
    'mode == "OFF" && mode != "ON"',
    '"O*" == mode',
    'a.b == 1 && $ctx.vtid != 0 || msg == "x*"',
    'a.deep.texts[1] == "yes"',
    '$ctx.procname == "web*"',
    '$ctx.cpu_id == 3',
    'small || many[9]',
    '2 & 2 == 2',
  ])('holds: %s', (filter) => {
    expect(passes(filter)).toBe(true);
  });

  it.each([
    'small == 8',
    'wide > 0',
    'many[2] == 0',
    '!(many[2] == 0)',
    'raw[1] == 0 || small == 7',
    'small << 64 == 0 || 1',
    'small >> -1 == 0 || 1',
    'a.deep.texts[2] == ""',
    'mode == 1',
    'msg == "hello"',
  ])('does not hold: %s', (filter) => {
    expect(passes(filter)).toBe(false);
  });

  it.each([
    ['nothing == 1', 1, 'expected a field of lab:every (small, '],
    ['$ctx.tid == 1', 1, 'expected a context (vpid, vtid, cpu_id, procname), got "tid"'],
    ['msg == 1', 5, 'expected both of one kind for ==, got text and an integer'],
    ['small == "7"', 7, 'expected both of one kind for ==, got an integer and text'],
    ['msg < "x"', 5, 'expected numbers for <, got text and text'],
    ['real & 1', 6, 'expected integers for &, got a floating point number and an integer'],
    ['msg', 1, 'expected a condition: a comparison or a number, got text'],
    ['small && msg', 7, 'expected a condition: a comparison or a number, got text'],
    ['!msg', 1, 'expected a condition: a comparison or a number, got text'],
    ['-msg == 1', 1, 'expected a number behind -, got text'],
    ['~real == 1', 1, 'expected an integer behind ~, got a floating point number'],
    ['small.x', 1, 'expected small to have a member x, got an integer'],
    ['small[0]', 1, 'expected small to have elements, got an integer'],
    ['name[0] == 1', 1, 'expected name to have elements, got text'],
    ['list == 1', 1, 'expected list to be a number or text, got the kind "array"'],
    ['a.c == 1', 1, 'expected a to have a member c, got the kind "structure"'],
    ['mode == "BOTH"', 6, 'expected one of ON, OFF, got "BOTH"'],
  ])('refuses %s at column %d', (filter, column, problem) => {
    let error: unknown;
    try {
      compileFilter(filter, every);
    } catch (caught) {
      error = caught;
    }
    expect((error as TracerError).code).toBe('ERR_FILTER');
    expect((error as Error).message).toContain(`filter, column ${column}: ${problem}`);
  });

  it('computes as signed integers of 64 bits do', () => {
    const wide = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 34n), max: 2n ** 34n }),
      fc.constantFrom(0n, -1n, 2n ** 53n, -(2n ** 53n), 2n ** 52n - 1n),
    );
    const event = defineEvent('lab:two', { fields: { x: i64(), y: i64() } });
    const oracle: Readonly<Record<string, (x: bigint, y: bigint) => bigint>> = {
      '&': (x, y) => x & y,
      '|': (x, y) => x | y,
      '^': (x, y) => x ^ y,
      '<<': (x, y) => x << y,
      '>>': (x, y) => BigInt.asUintN(64, x) >> y,
    };
    const filters = new Map(
      Object.keys(oracle).map((operator) => [
        operator,
        (result: bigint) => compileFilter(`x ${operator} y == ${result}`, event),
      ]),
    );
    const asGiven = (value: bigint): number | bigint =>
      value === BigInt.asIntN(54, value) ? Number(value) : value;
    fc.assert(
      fc.property(fc.constantFrom(...filters.keys()), wide, wide, (operator, x, other) => {
        const y = operator.length === 2 ? BigInt.asUintN(6, other) : other;
        const result = BigInt.asIntN(64, oracle[operator]!(x, y));
        const values = { x: asGiven(x), y: asGiven(y) };
        const filter = (expected: bigint): boolean =>
          filters.get(operator)!(BigInt.asUintN(64, expected)).passes(values, thread, machine, 0);
        expect([filter(result), filter(result + 1n)]).toEqual([true, false]);
      }),
    );
  });
});
