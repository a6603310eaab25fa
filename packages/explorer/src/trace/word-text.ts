const LARGEST_DECIMAL = 0xffff;

/** A 32-bit word for people: small numbers decimal, what may be an address hexadecimal. */
export function wordText(word: number): string {
  if (Math.abs(word) <= LARGEST_DECIMAL) return String(word);
  return `0x${(word >>> 0).toString(16)}`;
}
