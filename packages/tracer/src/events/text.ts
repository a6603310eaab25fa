/** Text up to its first zero character in UTF-8; lone surrogates become U+FFFD. @internal */
export function encodeText(text: string): Uint8Array {
  const end = text.indexOf('\0');
  const bytes: number[] = [];
  for (const character of end < 0 ? text : text.slice(0, end)) {
    const code = character.codePointAt(0)!;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point));
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point));
  }
  return Uint8Array.from(bytes);
}

/** Bytes in UTF-8 as text; what is not UTF-8 becomes U+FFFD, one for each byte. @internal */
export function decodeText(bytes: Uint8Array): string {
  let result = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!;
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    const point = length === 0 ? undefined : pointAt(bytes, at, length);
    result += point === undefined ? '\ufffd' : String.fromCodePoint(point);
    at += point === undefined ? 1 : length;
  }
  return result;
}

const LEAST = [0, 0, 0x80, 0x800, 0x10000];

function pointAt(bytes: Uint8Array, at: number, length: number): number | undefined {
  let point = length === 1 ? bytes[at]! : bytes[at]! & (0xff >> (length + 1));
  for (let n = 1; n < length; n++) {
    const next = bytes[at + n];
    if (next === undefined || (next & 0xc0) !== 0x80) return undefined;
    point = (point << 6) | (next & 0x3f);
  }
  const isScalar = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return isScalar && point >= LEAST[length]! ? point : undefined;
}

function tail(point: number): number {
  return 0x80 | (point & 0x3f);
}
