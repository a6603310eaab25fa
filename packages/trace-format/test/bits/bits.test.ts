import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader } from '../../src/bits/bit-reader.js';
import { BitWriter } from '../../src/bits/bit-writer.js';
import { decodeUtf8, encodeUtf8 } from '../../src/bits/utf8.js';
import type { ByteOrder } from '../../src/fields/field-type.js';

describe('bits', () => {
  it.each<ByteOrder>(['le', 'be'])('are read as they were written, %s', (order) => {
    const piece = fc
      .integer({ min: 1, max: 64 })
      .chain((bits) =>
        fc.record({ bits: fc.constant(bits), value: fc.bigInt(0n, 2n ** BigInt(bits) - 1n) }),
      );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const bytes = new Uint8Array(200);
        const writer = new BitWriter(bytes, order);
        for (const { bits, value } of pieces)
          writer.writeWide(Number(value & 0xffffffffn), Number(value >> 32n), bits, order);
        const reader = new BitReader();
        reader.reset(bytes);
        for (const { bits, value } of pieces) {
          const low = reader.readWide(bits, order);
          expect((BigInt(reader.high) << 32n) | BigInt(low)).toBe(value);
        }
        expect(reader.position).toBe(writer.position);
      }),
    );
  });

  it.each<ByteOrder>(['le', 'be'])('that are taken back leave no trace, %s', (order) => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(40), (kept, dropped) => {
        const [once, twice] = [new Uint8Array(16), new Uint8Array(16)];
        const first = new BitWriter(once, order);
        for (let n = 0; n < kept; n++) first.writeUnsigned(1, 1, order);
        const second = new BitWriter(twice, order);
        for (let n = 0; n < kept; n++) second.writeUnsigned(1, 1, order);
        const at = second.position;
        for (let n = 0; n < dropped; n++) second.writeUnsigned(1, 1, order);
        second.rewind(at);
        expect(twice).toEqual(once);
      }),
    );
  });

  it('fill bytes from the lowest bit up, or from the highest down', () => {
    for (const [order, expected] of [
      ['le', 0b10101],
      ['be', 0b10101000],
    ] as const) {
      const bytes = new Uint8Array(1);
      new BitWriter(bytes, order).writeUnsigned(0b10101, 5, order);
      expect(bytes[0]).toBe(expected);
    }
  });
});

describe('text', () => {
  it('is encoded and decoded as the platform does it, broken text included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = new TextEncoder().encode(text);
        expect(encodeUtf8(text)).toEqual(bytes);
        expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text);
      }),
    );
    expect(decodeUtf8(Uint8Array.of(0x41, 0xff, 0xc0, 0x80, 0x42), 0, 5)).toBe(
      'A\ufffd\ufffd\ufffdB',
    );
  });
});
