/** What hosts have as `TextEncoder`: encodes text into bytes from the first on. */
export interface TextIntoBytes {
  /** Encodes as many whole characters as fit. @returns how many units of UTF-16 were read, and bytes written */
  encodeInto(text: string, bytes: Uint8Array): { readonly read: number; readonly written: number };
}

/** Writes text of ASCII characters other than zero. @returns false for other text, of which the bytes are wrong */
export type PutAscii = (view: DataView, at: number, text: string) => boolean;

/** Shorter text is cheaper character by character, 3 to 5 ns each: a call of the host takes 75 ns. */
const LEAST_ENCODED = 24;

/** Longer text is encoded where it is to be, which takes a view. */
const MOST_COPIED = 512;

/** Most bytes of a character of UTF-16 in UTF-8. */
const MOST_BYTES_EACH = 3;

/** Bits that tell by four bytes at once whether one is zero. */
const ONES = 0x01010101;
const TOPS = 0x80808080 | 0;

/** Writes text character by character, four at a time. */
export function putCharacters(view: DataView, at: number, text: string): boolean {
  let bits = 0;
  let n = 0;
  for (; n + 4 <= text.length; n += 4) {
    const first = text.charCodeAt(n);
    const second = text.charCodeAt(n + 1);
    const third = text.charCodeAt(n + 2);
    const fourth = text.charCodeAt(n + 3);
    // A zero becomes negative: all bits.
    bits |= first | second | third | fourth;
    bits |= (first - 1) | (second - 1) | (third - 1) | (fourth - 1);
    view.setInt32(at + n, first | (second << 8) | (third << 16) | (fourth << 24), true);
  }
  for (; n < text.length; n++) {
    const code = text.charCodeAt(n);
    bits |= code | (code - 1);
    view.setUint8(at + n, code);
  }
  return (bits & ~0x7f) === 0;
}

/** As {@link putCharacters}, longer text by the host. */
export function putByHost(host: TextIntoBytes): PutAscii {
  const bytes = new Uint8Array(MOST_COPIED * MOST_BYTES_EACH);
  const words = new DataView(bytes.buffer);
  return (view, at, text) => {
    const { length } = text;
    if (length < LEAST_ENCODED) return putCharacters(view, at, text);
    if (length > MOST_COPIED) {
      const place = new Uint8Array(view.buffer, view.byteOffset + at, length);
      return host.encodeInto(text, place).read === length && !place.includes(0);
    }
    if (host.encodeInto(text, bytes).written !== length) return false;
    const wordsEnd = length & ~3;
    let zeros = 0;
    let n = 0;
    for (; n < wordsEnd; n += 4) {
      const word = words.getInt32(n, true);
      zeros |= (word - ONES) & ~word;
      view.setInt32(at + n, word, true);
    }
    for (; n < length; n++) {
      const code = words.getUint8(n);
      zeros |= code - 1;
      view.setUint8(at + n, code);
    }
    return (zeros & TOPS) === 0;
  };
}
