import type { BitWriter } from '../bits/bit-writer.js';
import type { StructureType } from '../fields/field-type.js';
import type { TraceClass } from '../metadata/trace-class.js';
import { typeText } from '../metadata/write-type.js';
import { eventHeaderType } from './packet-layout.js';
import type { HeaderKind } from './packet-layout.js';

/** Writes the header of an event: its id, and its time in two words. */
export type ShortHeaderWriter = (
  writer: BitWriter,
  id: number,
  low: number,
  high: number,
  isShort: boolean,
) => void;

/** Bits of the id of a compact header, in front of the time in the same word. */
export const COMPACT_ID_BITS = 5;

/**
 * A writer of headers of exactly the form of {@link eventHeaderType}, by whole words.
 *
 * @returns undefined for headers of another form, and for big-endian traces
 */
export function shortHeaderWriter(
  { byteOrder, clocks }: TraceClass,
  header: StructureType,
  kind: HeaderKind,
): ShortHeaderWriter | undefined {
  const text = (type: StructureType): string => typeText(type, { underscore: false }, '');
  const isUsual = [...clocks.keys()].some(
    (clock) => text(eventHeaderType(kind, clock)) === text(header),
  );
  if (byteOrder !== 'le' || !isUsual) return undefined;
  return kind === 'compact' ? writeCompact : writeLarge;
}

function writeCompact(
  writer: BitWriter,
  id: number,
  low: number,
  high: number,
  isShort: boolean,
): void {
  const byte = reserve(writer, isShort ? 4 : 13);
  if (byte < 0) return;
  if (isShort) writer.view.setUint32(byte, (low << COMPACT_ID_BITS) | id, true);
  else {
    writer.view.setUint8(byte, 2 ** COMPACT_ID_BITS - 1);
    writeLong(writer.view, byte + 1, id, low, high);
  }
}

function writeLarge(
  writer: BitWriter,
  id: number,
  low: number,
  high: number,
  isShort: boolean,
): void {
  const byte = reserve(writer, isShort ? 6 : 14);
  if (byte < 0) return;
  if (isShort) {
    writer.view.setUint16(byte, id, true);
    writer.view.setUint32(byte + 2, low, true);
  } else {
    writer.view.setUint16(byte, 0xffff, true);
    writeLong(writer.view, byte + 2, id, low, high);
  }
}

/** Takes so many bytes. @returns the first, or -1 when they do not fit */
function reserve(writer: BitWriter, bytes: number): number {
  writer.align(8);
  const byte = writer.position >>> 3;
  if (byte + bytes > writer.bytes.length) {
    writer.hasOverflowed = true;
    return -1;
  }
  writer.position += bytes * 8;
  return byte;
}

function writeLong(view: DataView, byte: number, id: number, low: number, high: number): void {
  view.setUint32(byte, id, true);
  view.setUint32(byte + 4, low, true);
  view.setUint32(byte + 8, high, true);
}
