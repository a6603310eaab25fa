import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeAdd,
  encodeAdd64,
  encodeCompareAndStore,
  encodeCopyThenStore,
  encodePop,
  encodePush,
} from '../../src/user/fallback-encodings.js';
import type { FallbackEncodings } from '../../src/user/fallback-encodings.js';
import { ProgramMachine } from '../kernel/bpf/program-machine.js';

const WORDS = 48;
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const index = fc.nat(7);

/** An operation on words: how it is encoded for data at an address, and what it means. */
interface Case {
  readonly what: string;
  encode(data: number): FallbackEncodings;
  /** Changes the words; returns the result. Addresses in words are those of data at `data`. */
  reference(words: Int32Array, data: number): number;
  /** Prepares the words, where not any will do. */
  prepare?(words: Int32Array, data: number): void;
}

const add = fc.tuple(index, word).map<Case>(([p, count]) => ({
  what: 'add',
  encode: (data) => encodeAdd(data + p * 4, count),
  reference: (words) => {
    words[p]! += count;
    return 0;
  },
}));

const add64 = fc.tuple(index, word, word).map<Case>(([p, low, high]) => ({
  what: 'add64',
  encode: (data) => encodeAdd64(data + p * 4, low, high),
  reference: (words) => {
    const lanes = new DataView(words.buffer);
    const count = (BigInt(high) << 32n) | BigInt(low >>> 0);
    lanes.setBigInt64(p * 4, lanes.getBigInt64(p * 4, true) + count, true);
    return 0;
  },
}));

const compareAndStore = fc
  .tuple(index, word, word, fc.boolean())
  .map<Case>(([p, expected, value, matches]) => ({
    what: 'compareAndStore',
    encode: (data) => encodeCompareAndStore(data + p * 4, expected, value),
    prepare: (words) => {
      if (matches) words[p] = expected;
    },
    reference: (words) => {
      if (words[p] !== expected) return 1;
      words[p] = value;
      return 0;
    },
  }));

const push = fc.tuple(index, index).map<Case>(([head, node]) => ({
  what: 'push',
  encode: (data) => encodePush(data + head * 4, data + (8 + node) * 4),
  reference: (words, data) => {
    words[8 + node] = words[head]!;
    words[head] = data + (8 + node) * 4;
    return 0;
  },
}));

/** Pops from a list whose head is a node, or empty. */
const pop = fc
  .tuple(index, index, fc.nat(3), fc.boolean(), fc.boolean())
  .map<Case>(([head, node, next, isEmpty, isKnown]) => ({
    what: 'pop',
    encode: (data) =>
      encodePop(
        data + head * 4,
        next * 4,
        data + 40 * 4,
        isKnown ? data + (8 + node) * 4 : undefined,
      ),
    prepare: (words, data) => {
      words[head] = isEmpty ? 0 : data + (8 + node) * 4;
    },
    reference: (words, data) => {
      if (words[head] === 0) return 1;
      const first = (words[head]! - data) / 4;
      words[40] = words[head]!;
      words[head] = words[first + next]!;
      return 0;
    },
  }));

const copyThenStore = fc
  .tuple(fc.nat(15), fc.nat(3), fc.nat(36), index, word, fc.boolean())
  .map<Case>(([from, skew, length, p, value, release]) => ({
    what: 'copyThenStore',
    encode: (data) => {
      const [dst, src] = [data + 30 * 4, data + (8 + (from % 8)) * 4 + skew];
      return encodeCopyThenStore(dst, src, length, data + p * 4, value, release);
    },
    reference: (words) => {
      const bytes = new Uint8Array(words.buffer);
      const src = (8 + (from % 8)) * 4 + skew;
      bytes.copyWithin(30 * 4, src, src + length);
      words[p] = value;
      return 0;
    },
  }));

describe('the three encodings of an operation', () => {
  it('leave the same memory and the same result as its definition', () => {
    const expressed = { vector: 0, bpf: 0, ebpf: 0 };
    fc.assert(
      fc.property(
        fc.oneof(add, add64, compareAndStore, push, pop, copyThenStore),
        fc.array(word, { minLength: WORDS, maxLength: WORDS }),
        fc.nat(2),
        fc.constantFrom<'sc' | 'tso'>('sc', 'tso'),
        (operation, initial, cpu, memory) => {
          for (const kind of ['vector', 'bpf', 'ebpf'] as const) {
            const machine = new ProgramMachine({ memory });
            const { data } = machine;
            const encoding = operation.encode(data)[kind];
            if ('reason' in encoding) continue;
            expressed[kind] += 1;
            const words = Int32Array.from(initial);
            operation.prepare?.(words, data);
            machine.fill(...words);
            const result = operation.reference(words, data);
            expect(machine.call(kind, encoding, { cpu }), kind).toBe(result);
            const found = Array.from(words, (_, i) => machine.word(i));
            expect(found, `${operation.what} by ${kind}`).toEqual([...words]);
          }
        },
      ),
      { numRuns: 60 },
    );
    for (const count of Object.values(expressed)) expect(count).toBeGreaterThan(20);
  });

  it('a vector that pops tells another head from the one that was seen', () => {
    const machine = new ProgramMachine();
    const { data } = machine;
    const { vector } = encodePop(data, 0, data + 64, data + 128);
    if ('reason' in vector) throw new Error(vector.reason);
    machine.fill(data + 256);
    expect(machine.call('vector', vector)).toBe(2);
    expect(machine.word(0)).toBe(data + 256);
  });

  it('a copy of a whole page is the same by all three', () => {
    for (const kind of ['vector', 'bpf', 'ebpf'] as const) {
      const machine = new ProgramMachine();
      const { data } = machine;
      machine.fill(...Array.from({ length: 1024 }, (_, i) => i * 7));
      const target = data + 4096;
      const encoding = encodeCopyThenStore(target, data, 4096, data, -1, false)[kind];
      if ('reason' in encoding) throw new Error(encoding.reason);
      expect(machine.call(kind, encoding)).toBe(0);
      expect(machine.word(0)).toBe(-1);
      for (let i = 0; i < 1024; i++) expect(machine.word(1024 + i)).toBe(i * 7);
    }
  });
});
