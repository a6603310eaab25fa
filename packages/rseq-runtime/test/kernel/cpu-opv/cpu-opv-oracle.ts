import type { CpuOp } from '../../../src/user/cpu-op-vector.js';

/** Operations on plain bytes, in BigInt, from their definitions; addresses are indices. */
export function runOracle(ops: readonly CpuOp[], bytes: Uint8Array): number {
  const read = (at: number, len: number): bigint => {
    let value = 0n;
    for (let i = len - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]!);
    return value;
  };
  const write = (at: number, len: number, value: bigint): void => {
    for (let i = 0; i < len; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  };
  const operand = (value: number | { low: number; high?: number }): bigint =>
    typeof value === 'number'
      ? BigInt(value)
      : (BigInt((value.high ?? 0) >>> 0) << 32n) | BigInt(value.low >>> 0);
  for (const [index, op] of ops.entries())
    switch (op.op) {
      case 'COMPARE_EQ':
      case 'COMPARE_NE': {
        const a = bytes.slice(op.a as number, (op.a as number) + op.len);
        const b = bytes.slice(op.b as number, (op.b as number) + op.len);
        const isEqual = a.every((byte, i) => byte === b[i]);
        if (isEqual !== (op.op === 'COMPARE_EQ')) return index + 1;
        break;
      }
      case 'MEMCPY':
        bytes.set(bytes.slice(op.src as number, (op.src as number) + op.len), op.dst);
        break;
      case 'ADD':
        write(op.p, op.len, read(op.p, op.len) + operand(op.count));
        break;
      case 'OR':
        write(op.p, op.len, read(op.p, op.len) | BigInt.asUintN(64, operand(op.mask)));
        break;
      case 'AND':
        write(op.p, op.len, read(op.p, op.len) & BigInt.asUintN(64, operand(op.mask)));
        break;
      case 'XOR':
        write(op.p, op.len, read(op.p, op.len) ^ BigInt.asUintN(64, operand(op.mask)));
        break;
      case 'LSHIFT':
        write(op.p, op.len, read(op.p, op.len) << BigInt(op.bits));
        break;
      case 'RSHIFT':
        write(op.p, op.len, read(op.p, op.len) >> BigInt(op.bits));
        break;
      case 'MB':
    }
  return 0;
}
