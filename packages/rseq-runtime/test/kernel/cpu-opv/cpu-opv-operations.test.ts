import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CpuOp } from '../../../src/user/cpu-op-vector.js';
import { OpvMachine, PAGE } from './opv-machine.js';
import { runOracle } from './cpu-opv-oracle.js';

const BYTES = 64;
/** Where the bytes lie: across the end of a page, so that operands cross it too. */
const START = PAGE - BYTES / 2;

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const literal = fc.record({ low: word, high: word });
const arithmeticLength = fc.constantFrom(1, 2, 4, 8);
const at = (len: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: BYTES - len });

/** Source and destination of a copy do not overlap: what happens then is another test. */
const disjoint = (len: number): fc.Arbitrary<readonly [number, number]> =>
  fc.tuple(at(len), at(len)).filter(([a, b]) => Math.abs(a - b) >= len);

const operation: fc.Arbitrary<CpuOp> = fc.oneof(
  fc
    .record({ op: fc.constantFrom('COMPARE_EQ' as const, 'COMPARE_NE' as const), len: fc.nat(9) })
    .chain(({ op, len }) =>
      fc.record({ op: fc.constant(op), len: fc.constant(len), a: at(len), b: at(len) }),
    ),
  fc
    .nat(24)
    .chain((len) => disjoint(len).map(([dst, src]) => ({ op: 'MEMCPY' as const, len, dst, src }))),
  arithmeticLength.chain((len) =>
    fc.record({
      op: fc.constant('ADD' as const),
      len: fc.constant(len),
      p: at(len),
      count: fc.oneof(literal, word),
    }),
  ),
  arithmeticLength.chain((len) =>
    fc.record({
      op: fc.constantFrom('OR' as const, 'AND' as const, 'XOR' as const),
      len: fc.constant(len),
      p: at(len),
      mask: literal,
    }),
  ),
  arithmeticLength.chain((len) =>
    fc.record({
      op: fc.constantFrom('LSHIFT' as const, 'RSHIFT' as const),
      len: fc.constant(len),
      p: at(len),
      bits: fc.integer({ min: 0, max: len * 8 - 1 }),
    }),
  ),
  fc.constant<CpuOp>({ op: 'MB' }),
);

/** The same operation with addresses instead of indices. */
function placed(op: CpuOp, base: number): CpuOp {
  switch (op.op) {
    case 'COMPARE_EQ':
    case 'COMPARE_NE':
      return { ...op, a: (op.a as number) + base, b: (op.b as number) + base };
    case 'MEMCPY':
      return { ...op, dst: op.dst + base, src: (op.src as number) + base };
    case 'MB':
      return op;
    default:
      return { ...op, p: op.p + base };
  }
}

function bytesOf(machine: OpvMachine): Uint8Array {
  const words = Int32Array.from({ length: BYTES / 4 }, (_, i) => machine.word(START / 4 + i));
  return new Uint8Array(words.buffer);
}

describe('cpu_opv', () => {
  it.each(['sc', 'tso'] as const)('does what its operations say, under %s', (memory) => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 16 }),
        fc.uint8Array({ minLength: BYTES, maxLength: BYTES }),
        fc.nat(2),
        (ops, bytes, cpu) => {
          const machine = new OpvMachine({ memory });
          const words = new Int32Array(bytes.slice().buffer);
          const base = machine.data + START;
          words.forEach((value, i) => machine.process.write32(base + i * 4, value));
          const result = machine.call(
            ops.map((op) => placed(op, base)),
            { cpu },
          );
          const expected = bytes.slice();
          expect(result).toBe(runOracle(ops, expected));
          expect(bytesOf(machine)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('carries from the lower into the upper word of 8 bytes', () => {
    const machine = new OpvMachine();
    machine.fill(-1, 5);
    machine.call([{ op: 'ADD', len: 8, p: machine.data, count: 1 }]);
    expect([machine.word(0), machine.word(1)]).toEqual([0, 6]);
  });

  it('extends the sign of a negative count', () => {
    const machine = new OpvMachine();
    machine.fill(0, 5);
    machine.call([{ op: 'ADD', len: 8, p: machine.data, count: -1 }]);
    expect([machine.word(0), machine.word(1)]).toEqual([-1, 4]);
  });

  it('leaves the bytes beside a short operand alone', () => {
    const machine = new OpvMachine();
    machine.fill(0x11ff22ff | 0);
    machine.call([{ op: 'ADD', len: 1, p: machine.data, count: 1 }]);
    expect(machine.word(0)).toBe(0x11ff2200);
  });

  it.each([1, 5, 16])('returns %i when the comparison at that place, from 1, fails', (place) => {
    const machine = new OpvMachine();
    machine.fill(0, 7, 8);
    const { data } = machine;
    const ops: CpuOp[] = Array.from({ length: 16 }, (_, i) =>
      i === place - 1
        ? { op: 'COMPARE_EQ', len: 4, a: data + 4, b: data + 8 }
        : { op: 'ADD', len: 4, p: data, count: 1 },
    );
    expect(machine.call(ops)).toBe(place);
    expect(machine.word(0)).toBe(place - 1);
  });

  it('copies a whole page across page boundaries', () => {
    const machine = new OpvMachine();
    const from = machine.data + 8;
    for (let i = 0; i < PAGE; i += 4) machine.process.write32(from + i, i + 1);
    const to = machine.data + PAGE + 16;
    expect(machine.call([{ op: 'MEMCPY', len: PAGE - 8, dst: to, src: from }])).toBe(0);
    for (let i = 0; i < PAGE - 8; i += 4) expect(machine.process.read32(to + i)).toBe(i + 1);
    expect(machine.process.read32(to + PAGE - 8)).toBe(0);
  });

  it('copies from the lowest address up where operands overlap', () => {
    const machine = new OpvMachine();
    machine.fill(1, 2, 3, 4, 5);
    const { data } = machine;
    machine.call([{ op: 'MEMCPY', len: 16, dst: data, src: data + 4 }]);
    expect([0, 1, 2, 3, 4].map((i) => machine.word(i))).toEqual([2, 3, 4, 5, 5]);
  });
});
