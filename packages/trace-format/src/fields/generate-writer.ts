import type { BitWriter } from '../bits/bit-writer.js';
import { isByteStructure } from './byte-layout.js';
import { putCharacters } from './put-ascii.js';
import type { PutAscii } from './put-ascii.js';
import type { FieldValue } from './field-value.js';
import type { StructureType } from './field-type.js';
import { WriterText } from './writer-text.js';

/** Writes all fields of a scope. */
export type StructureWriter = (writer: BitWriter, value: FieldValue) => void;

/**
 * Makes a faster writer of the same structure, where code can be generated for it.
 *
 * It looks at all values before it writes the first; what is not as it usually is (text that is not ASCII, a
 * value that is wrong, no room) it leaves to `write`. Code is generated when the first value is written.
 */
export function acceleratedWriter(
  type: StructureType,
  write: StructureWriter,
  putAscii: PutAscii = putCharacters,
): StructureWriter {
  if (!isByteStructure(type)) return write;
  let chosen: StructureWriter = (writer, value) => {
    chosen = generated(type, write, putAscii) ?? write;
    chosen(writer, value);
  };
  return (writer, value) => {
    chosen(writer, value);
  };
}

function generated(
  type: StructureType,
  slow: StructureWriter,
  putAscii: PutAscii,
): StructureWriter | undefined {
  const text = new WriterText('return slow(w, value);');
  text.scope(type, 'value');
  return text.evaluate('w, value', { constants: { slow, putAscii } }) as
    StructureWriter | undefined;
}
