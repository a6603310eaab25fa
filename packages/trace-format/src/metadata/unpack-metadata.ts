import { decodeUtf8 } from '../bits/utf8.js';
import { TraceFormatError } from '../trace-format-error.js';

/** First word of a packet of metadata. @source CTF 1.8, 7.1 */
export const METADATA_MAGIC = 0x75d11d57;

/** Bytes in front of the text of a packet of metadata. */
const HEADER_BYTES = 37;

/**
 * The text of a metadata stream: as it is, or put together from its packets.
 *
 * | offset | bytes | field                                         |
 * |--------|-------|-----------------------------------------------|
 * | 0      | 4     | magic 0x75d11d57                              |
 * | 4      | 16    | uuid                                          |
 * | 20     | 4     | checksum                                      |
 * | 24     | 4     | content size in bits, header included         |
 * | 28     | 4     | packet size in bits                           |
 * | 32     | 5     | compression, encryption, checksum, version    |
 *
 * @throws TraceFormatError `ERR_METADATA` for packets that are cut, compressed or encrypted
 * @source CTF 1.8, 7.1; the byte order is that in which the magic number makes sense
 */
export function unpackMetadata(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) return decodeUtf8(bytes, 0, bytes.length);
  const isLittle = view.getUint32(0, true) === METADATA_MAGIC;
  if (!isLittle && view.getUint32(0, false) !== METADATA_MAGIC)
    return decodeUtf8(bytes, 0, bytes.length);
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const refuse = (expected: string, got: string): never => {
      throw new TraceFormatError(
        'ERR_METADATA',
        `expected ${expected} in the packet of metadata at byte ${at}, got ${got}`,
      );
    };
    const left = bytes.length - at;
    if (left < HEADER_BYTES) refuse(`${HEADER_BYTES} bytes of header`, `${left}`);
    const magic = view.getUint32(at, isLittle);
    if (magic !== METADATA_MAGIC) refuse('magic 0x75d11d57', `0x${magic.toString(16)}`);
    const content = view.getUint32(at + 24, isLittle) / 8;
    const size = view.getUint32(at + 28, isLittle) / 8;
    if (bytes[at + 32] !== 0 || bytes[at + 33] !== 0)
      refuse('neither compression nor encryption', `${bytes[at + 32]} and ${bytes[at + 33]}`);
    if (!(content >= HEADER_BYTES && content <= size && size <= left))
      refuse(`a content of at least ${HEADER_BYTES} bytes in ${left}`, `${content} of ${size}`);
    text += decodeUtf8(bytes, at + HEADER_BYTES, at + content);
    at += size;
  }
  return text;
}
