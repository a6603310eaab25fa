/**
 * What FUTEX_WAKE_OP does to the second word, and when it wakes there.
 *
 * | bits | 31: argument is 1 << it | 30..28 operation | 27..24 comparison | 23..12 argument | 11..0 compared with |
 * |------|---|---|---|---|---|
 *
 * @source include/uapi/linux/futex.h, futex(2)
 */
export interface WakeOperation {
  /** The new value of the second word. */
  apply(old: number): number;
  /** Whether to wake waiters of the second word. */
  holds(old: number): boolean;
}

type Operator = (old: number, argument: number) => number;
type Comparison = (old: number, argument: number) => boolean;

/** FUTEX_OP_SET, ADD, OR, ANDN, XOR. */
const OPERATORS: readonly Operator[] = [
  (_old, argument) => argument,
  (old, argument) => (old + argument) | 0,
  (old, argument) => old | argument,
  (old, argument) => old & ~argument,
  (old, argument) => old ^ argument,
];

/** FUTEX_OP_CMP_EQ, NE, LT, LE, GT, GE; signed. */
const COMPARISONS: readonly Comparison[] = [
  (old, argument) => old === argument,
  (old, argument) => old !== argument,
  (old, argument) => old < argument,
  (old, argument) => old <= argument,
  (old, argument) => old > argument,
  (old, argument) => old >= argument,
];

/** Decodes an operation; undefined for an operator or comparison that does not exist. */
export function decodeWakeOperation(encoded: number): WakeOperation | undefined {
  const operator = OPERATORS[(encoded >>> 28) & 7];
  const comparison = COMPARISONS[(encoded >>> 24) & 15];
  if (operator === undefined || comparison === undefined) return undefined;
  const given = (encoded << 8) >> 20;
  const argument = encoded < 0 ? 1 << (given & 31) : given;
  const compared = (encoded << 20) >> 20;
  return {
    apply: (old) => operator(old, argument),
    holds: (old) => comparison(old, compared),
  };
}

/** Encodes an operation, as the FUTEX_OP macro does. */
export function encodeWakeOperation(
  operator: 'set' | 'add' | 'or' | 'andn' | 'xor',
  argument: number,
  comparison: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge',
  compared: number,
): number {
  const operation = ['set', 'add', 'or', 'andn', 'xor'].indexOf(operator);
  const condition = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].indexOf(comparison);
  return (operation << 28) | (condition << 24) | ((argument & 0xfff) << 12) | (compared & 0xfff);
}
