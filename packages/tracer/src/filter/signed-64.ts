/**
 * Integers of 64 bits, signed: a number where it is safe, a bigint elsewhere. Numbers cost no allocation.
 *
 * @source lttng-event-rule(7): all integers are cast to signed 64 bits, in two's complement
 */
export type Signed64 = number | bigint;

const TURN = 2 ** 32;

/** Any integer, cast to signed 64 bits. */
export function narrowed(value: number | bigint): Signed64 {
  if (typeof value === 'number') return value;
  const signed = BigInt.asIntN(64, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

/** Combines the bits of two words of 32 bits. */
type WordOperation = (a: number, b: number) => number;

const and32: WordOperation = (a, b) => a & b;
const or32: WordOperation = (a, b) => a | b;
const xor32: WordOperation = (a, b) => a ^ b;

/** `a & b`. */
export function and64(a: Signed64, b: Signed64): Signed64 {
  if (typeof a === 'number' && typeof b === 'number') return byWords(a, b, and32);
  return narrowed(BigInt(a) & BigInt(b));
}

/** `a | b`. */
export function or64(a: Signed64, b: Signed64): Signed64 {
  if (typeof a === 'number' && typeof b === 'number') return byWords(a, b, or32);
  return narrowed(BigInt(a) | BigInt(b));
}

/** `a ^ b`. */
export function xor64(a: Signed64, b: Signed64): Signed64 {
  if (typeof a === 'number' && typeof b === 'number') return byWords(a, b, xor32);
  return narrowed(BigInt(a) ^ BigInt(b));
}

/** `~a`. */
export function not64(a: Signed64): Signed64 {
  return typeof a === 'number' ? -1 - a : narrowed(~a);
}

/** `a << b`, b from 0 to 63. */
export function shiftLeft64(a: Signed64, b: number): Signed64 {
  const shifted = Number(a) * 2 ** b;
  if (typeof a === 'number' && Number.isSafeInteger(shifted)) return shifted;
  return narrowed(BigInt(a) << BigInt(b));
}

/** `a >> b`, b from 0 to 63, of the bits without a sign: zeros come in. */
export function shiftRight64(a: Signed64, b: number): Signed64 {
  if (typeof a === 'number' && a >= 0) return Math.floor(a / 2 ** b);
  return narrowed(BigInt.asUintN(64, BigInt(a)) >> BigInt(b));
}

/** The high words are of at most 21 bits and a sign, and so is what comes out: it is safe again. */
function byWords(a: number, b: number, operation: WordOperation): number {
  const high = operation(Math.floor(a / TURN), Math.floor(b / TURN));
  return high * TURN + (operation(a, b) >>> 0);
}
