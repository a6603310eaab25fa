/** The lower word, as int32, of a 64-bit value (low, high) shifted right by 0 to 63 bits, zeros coming in. */
export function shiftedLow(low: number, high: number, bits: number): number {
  if (bits === 0) return low;
  if (bits < 32) return (low >>> bits) | (high << (32 - bits));
  return (high >>> (bits - 32)) | 0;
}

/** The upper word, as int32, of a 64-bit value shifted right by 0 to 63 bits, zeros coming in. */
export function shiftedHigh(high: number, bits: number): number {
  return bits < 32 ? (high >>> bits) | 0 : 0;
}

/** The low `size` bytes of a word (1, 2, or at least 4), zero-extended, as a load of them gives. */
export function truncated(value: number, size: number): number {
  if (size === 1) return value & 0xff;
  if (size === 2) return value & 0xffff;
  return value | 0;
}
