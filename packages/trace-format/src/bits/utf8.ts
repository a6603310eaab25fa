/** What stands for bytes that are no text. */
const REPLACEMENT = '\ufffd';

/** The smallest code points that take 2, 3 and 4 bytes; less in as many bytes is no text. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** Text of bytes in UTF-8; each byte that is none becomes U+FFFD. @source RFC 3629 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end;) {
    const first = bytes[at]!;
    if (first < 0x80 && at + 4 <= end) {
      const [second, third, fourth] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
      if ((second | third | fourth) < 0x80) {
        text += String.fromCharCode(first, second, third, fourth);
        at += 4;
        continue;
      }
    }
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at += 1;
      continue;
    }
    const length = first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    const point = length === 0 || first >= 0xf8 ? -1 : pointAt(bytes, at, length, end);
    text += point < 0 ? REPLACEMENT : String.fromCodePoint(point);
    at += point < 0 ? 1 : length;
  }
  return text;
}

/** Bytes of text in UTF-8; half of a surrogate pair becomes U+FFFD. @source RFC 3629 */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const found = character.codePointAt(0)!;
    const point = found >= 0xd800 && found < 0xe000 ? 0xfffd : found;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), follow(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), follow(point >> 6), follow(point));
    else bytes.push(0xf0 | (point >> 18), follow(point >> 12), follow(point >> 6), follow(point));
  }
  return Uint8Array.from(bytes);
}

function follow(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/** The code point of `length` bytes, or -1. */
function pointAt(bytes: Uint8Array, at: number, length: number, end: number): number {
  if (at + length > end) return -1;
  let point = bytes[at]! & (0x7f >> length);
  for (let n = 1; n < length; n++) {
    const next = bytes[at + n]!;
    if ((next & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  const isSurrogate = point >= 0xd800 && point < 0xe000;
  return point < LEAST[length]! || point > 0x10ffff || isSurrogate ? -1 : point;
}
