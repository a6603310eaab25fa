import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader } from '../../src/bits/bit-reader.js';
import { BitWriter } from '../../src/bits/bit-writer.js';
import { isByteStructure } from '../../src/fields/byte-layout.js';
import { compileScope } from '../../src/fields/compile-reader.js';
import { compileScopeWriter, compileWriter } from '../../src/fields/compile-writer.js';
import type { StructureType } from '../../src/fields/field-type.js';
import type { FieldValue } from '../../src/fields/field-value.js';
import { structure } from './arbitrary-event.js';

/** Bytes that a writer writes at a place of a buffer, or what it says. */
function written(
  write: (writer: BitWriter, value: FieldValue) => void,
  value: FieldValue,
  capacity: number,
) {
  const bytes = new Uint8Array(capacity);
  const writer = new BitWriter(bytes);
  writer.writeUnsigned(5, 3, 'le');
  try {
    write(writer, value);
  } catch (error) {
    return { error: (error as Error).message };
  }
  if (writer.hasOverflowed) return { overflow: true };
  return { bytes: [...bytes], position: writer.position };
}

function read(type: StructureType, bytes: Uint8Array) {
  const reader = new BitReader();
  reader.reset(bytes);
  reader.position = 3;
  const values = { roots: {}, open: [], elementsLeft: 1e6, time: undefined };
  try {
    return { value: compileScope(type, {})(reader, values), position: reader.position };
  } catch (error) {
    return { error: (error as { code?: string }).code };
  }
}

const byteStructure = structure.filter(({ type }) => isByteStructure(type));

describe('generated code', () => {
  it('writes the same bytes as the reference, and refuses the same', () => {
    fc.assert(
      fc.property(byteStructure, fc.integer({ min: 0, max: 400 }), ({ type, value }, capacity) => {
        const [fast, slow] = [compileScopeWriter(type, 'it'), compileWriter(type, 'it')];
        for (const size of [400, capacity])
          expect(written(fast, value, size)).toEqual(written(slow, value, size));
        for (const wrong of [undefined, null, 1.5, -1, 2 ** 33, 2n ** 64n, 'text', 'ü', [], {}])
          for (const name of Object.keys(value)) {
            const changed = { ...value, [name]: wrong } as unknown as FieldValue;
            expect(written(fast, changed, 400)).toEqual(written(slow, changed, 400));
          }
      }),
      { numRuns: 60 },
    );
  });

  it('reads what was written, and leaves what is cut to the reference', () => {
    fc.assert(
      fc.property(byteStructure, ({ type, value }) => {
        const { bytes, position } = written(compileWriter(type, 'it'), value, 400) as {
          bytes: number[];
          position: number;
        };
        expect(read(type, Uint8Array.from(bytes))).toEqual({ value, position });
        for (let size = 1; size < position / 8; size++)
          expect(read(type, Uint8Array.from(bytes.slice(0, size)))).toEqual({
            error: 'ERR_TRUNCATED',
          });
      }),
      { numRuns: 60 },
    );
  });
});
