/** The lowest 32 bits of a time in cycles. */
export function lowWord(cycles: bigint | number): number {
  return typeof cycles === 'number' ? cycles >>> 0 : Number(BigInt.asUintN(32, cycles));
}

/** What is above the lowest 32 bits of a time in cycles. */
export function highWord(cycles: bigint | number): number {
  return typeof cycles === 'number' ? Math.floor(cycles / 0x100000000) : Number(cycles >> 32n);
}

/** A time of both. */
export function wide(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
