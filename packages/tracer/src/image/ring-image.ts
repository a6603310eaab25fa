import type { HeaderKind } from '@rseqlab/trace-format';
import { decodeText, encodeText } from '../events/text.js';
import { checkGeometry } from '../ring/ring-geometry.js';
import type { RingGeometry } from '../ring/ring-geometry.js';
import { RingLayout } from '../ring/ring-layout.js';
import { TracerError } from '../tracer-error.js';

/** What an image says of itself. */
export interface RingImageHeader {
  /** Name of the session. */
  readonly session: string;
  /** Name of the stream, fit for a file. */
  readonly stream: string;
  readonly cpu: number;
  /** Which of the channel's rings of the CPU it is. */
  readonly instance: number;
  /** As in the packet headers of the channel's streams. */
  readonly streamId: number;
  /** Which event headers the packets have. */
  readonly header: HeaderKind;
  /** Of the clock. */
  readonly frequencyMhz: number;
  /** How long producers would have waited is not told: nobody does any more. */
  readonly geometry: Omit<RingGeometry, 'blockingTimeoutNs'>;
  /** How the trace describes itself. */
  readonly metadata: string;
}

/** The memory of one ring as it was when its machine ended, and what is needed to make a trace of it. */
export interface RingImage extends RingImageHeader {
  readonly words: Int32Array;
}

/** What a file with an image begins with: 16 bytes, the last of them the version. */
const MAGIC: Uint8Array = Uint8Array.of(...encodeText('RSEQLAB RING\r\n'), 0, 1);
const LENGTH_AT = MAGIC.length;
const HEADER_AT = LENGTH_AT + 4;
const ALIGN = 8;
const MAX_HEADER_BYTES = 2 ** 24;

/** Whether bytes begin as an image does, of whatever version. */
export function isRingImage(bytes: Uint8Array): boolean {
  return (
    bytes.length >= MAGIC.length && MAGIC.subarray(0, -1).every((byte, n) => bytes[n] === byte)
  );
}

/** Bytes of an image: 16 that tell what it is, the length of its header, the header as JSON, and the ring. */
export function ringImageBytes({ words, ...header }: RingImage): Uint8Array {
  const text = encodeText(JSON.stringify(header));
  const ringAt = Math.ceil((HEADER_AT + text.length) / ALIGN) * ALIGN;
  const bytes = new Uint8Array(ringAt + 4 * words.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(LENGTH_AT, text.length, true);
  bytes.set(text, HEADER_AT);
  bytes.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), ringAt);
  return bytes;
}

/**
 * Takes apart what {@link ringImageBytes} made.
 *
 * @throws TracerError `ERR_IMAGE` for what is no image, or one that is cut or of another version
 */
export function readRingImage(bytes: Uint8Array): RingImage {
  if (!isRingImage(bytes)) throw refused('the image of a ring', 'other bytes');
  if (bytes[MAGIC.length - 1] !== MAGIC[MAGIC.length - 1])
    throw refused('an image of version 1', `one of version ${bytes[MAGIC.length - 1]}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < HEADER_AT ? Infinity : view.getUint32(LENGTH_AT, true);
  if (length > MAX_HEADER_BYTES || HEADER_AT + length > bytes.length)
    throw refused('a header', `an image that is cut after ${bytes.length} bytes`);
  const header = checkedHeader(bytes.subarray(HEADER_AT, HEADER_AT + length));
  const { strideBytes } = new RingLayout(header.geometry);
  const ringAt = Math.ceil((HEADER_AT + length) / ALIGN) * ALIGN;
  if (bytes.length < ringAt + strideBytes)
    throw refused(`a ring of ${strideBytes} bytes`, `${Math.max(0, bytes.length - ringAt)}`);
  const words = new Int32Array(strideBytes >> 2);
  new Uint8Array(words.buffer).set(bytes.subarray(ringAt, ringAt + strideBytes));
  return { ...header, words };
}

function checkedHeader(bytes: Uint8Array): RingImageHeader {
  const header = parsed(bytes);
  const { session, stream, metadata, header: kind, frequencyMhz } = header;
  for (const text of [session, stream, metadata]) if (typeof text !== 'string') throw odd();
  for (const number of [header.cpu, header.instance, header.streamId])
    if (!Number.isInteger(number) || number! < 0) throw odd();
  if (kind !== 'compact' && kind !== 'large') throw odd();
  if (typeof frequencyMhz !== 'number' || !(frequencyMhz > 0)) throw odd();
  if (typeof header.geometry !== 'object' || header.geometry === null) throw odd();
  checkGeometry(header.geometry);
  return header as RingImageHeader;
}

function parsed(bytes: Uint8Array): Partial<RingImageHeader> {
  try {
    const header: unknown = JSON.parse(decodeText(bytes));
    if (typeof header === 'object' && header !== null) return header;
  } catch {
    // As any other that is no header.
  }
  throw odd();
}

function odd(): TracerError {
  return refused('a header that tells of a ring', 'another');
}

function refused(expected: string, got: string): TracerError {
  return new TracerError('ERR_IMAGE', `expected ${expected}, got ${got}`);
}
