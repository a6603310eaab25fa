import {
  CPU_OP_DATA_LEN_MAX,
  CPU_OP_VEC_DATA_LEN_MAX,
  CPU_OP_VEC_LEN_MAX,
} from '../../kernel/cpu-opv/cpu-op-abi.js';
import type { CpuOp, CpuOperand } from '../cpu-op-vector.js';
import { Underivable } from './no-fallback.js';
import type { ComputedValue, LoadedValue, SymbolicValue } from './symbolic-value.js';

interface Written {
  readonly start: number;
  readonly end: number;
  /** What was written; undefined where it is not known. */
  readonly value: number | undefined;
}

/** Collects the operations of a vector, in the order of the section's effects. */
export class VectorWriter {
  readonly ops: CpuOp[] = [];
  readonly #written: Written[] = [];
  #expectsFaults = false;

  /** Stores so far. */
  get stores(): number {
    return this.#written.length;
  }

  /** What a load finds that the section itself stored; undefined where it stored nothing. */
  ownStore(address: number, size: number): Written['value'] | 'unclear' {
    for (let index = this.#written.length - 1; index >= 0; index--) {
      const { start, end, value } = this.#written[index]!;
      if (end <= address || start >= address + size) continue;
      return start === address && end === address + size && value !== undefined ? value : 'unclear';
    }
    return undefined;
  }

  /** From now on addresses may be out of date: a page that is not there is -EAGAIN, not -EFAULT. */
  expectFaults(): void {
    this.#expectsFaults = true;
  }

  /** A full fence. */
  fence(): void {
    if (this.ops.at(-1)?.op !== 'MB') this.#add({ op: 'MB' });
  }

  /** Stores the low `size` bytes of a value. */
  store(address: number, size: 1 | 2 | 4, value: SymbolicValue): void {
    if (typeof value === 'number') {
      this.#add({ op: 'MEMCPY', len: size, dst: address, src: { low: value } });
      this.#note(address, size, value);
      return;
    }
    if (value.kind === 'opaque') throw new Underivable(value.rule);
    if (value.kind === 'computed') this.#computeInPlace(address, size, value);
    else this.#copy(address, size, value);
    this.#note(address, size, undefined);
  }

  /** Stores a pair of words as one access. */
  storePair(address: number, low: SymbolicValue, high: SymbolicValue): void {
    if (typeof low === 'number' && typeof high === 'number')
      this.#add({ op: 'MEMCPY', len: 8, dst: address, src: { low, high } });
    else if (isWord(low) && isWord(high) && high.address === low.address + 4)
      this.#move(address, low.address, 8, Math.min(low.after, high.after));
    else throw new Underivable('value');
    this.#note(address, 8, undefined);
  }

  /** Goes on only if a word is as given. */
  expectWord(address: number, value: number): void {
    this.#add({ op: 'COMPARE_EQ', len: 4, a: address, b: { low: value } });
  }

  /** Goes on only if two values are equal, or only if they are not. */
  compare(op: 'COMPARE_EQ' | 'COMPARE_NE', left: LoadedValue, right: number | LoadedValue): void {
    this.#checkUnchanged(left);
    if (typeof right === 'object') this.#checkUnchanged(right);
    const b: CpuOperand = typeof right === 'number' ? { low: right } : right.address;
    this.#add({ op, len: left.size, a: left.address, b });
  }

  #copy(address: number, size: number, value: LoadedValue): void {
    if (size > value.size) throw new Underivable('value');
    this.#move(address, value.address, size, value.after);
  }

  #move(dst: number, src: number, len: number, after: number): void {
    this.#checkRange(src, len, after);
    const last = this.ops.at(-1);
    if (last?.op === 'MEMCPY' && last.src === src - last.len && last.dst === dst - last.len) {
      const whole = last.len + len;
      const isApart = Math.abs(last.dst - last.src) >= whole;
      if (isApart && whole <= CPU_OP_DATA_LEN_MAX) {
        this.ops[this.ops.length - 1] = { ...last, len: whole };
        this.#checkSize();
        return;
      }
    }
    this.#add({ op: 'MEMCPY', len, dst, src });
  }

  #computeInPlace(address: number, size: 1 | 2 | 4, { by, operand, from }: ComputedValue): void {
    const isShift = by === 'LSHIFT' || by === 'RSHIFT';
    const isNarrow = size < from.size || from.signed;
    if (from.address !== address || size > from.size) throw new Underivable('value');
    if (isShift && (operand >= size * 8 || (by === 'RSHIFT' && isNarrow)))
      throw new Underivable('value');
    this.#checkUnchanged(from);
    const place = { len: size, p: address };
    if (by === 'ADD') this.#add({ op: by, ...place, count: operand });
    else if (by === 'LSHIFT' || by === 'RSHIFT') this.#add({ op: by, ...place, bits: operand });
    else this.#add({ op: by, ...place, mask: operand });
  }

  #checkUnchanged({ address, size, after }: LoadedValue): void {
    this.#checkRange(address, size, after);
  }

  #checkRange(address: number, size: number, after: number): void {
    for (const { start, end } of this.#written.slice(after))
      if (start < address + size && end > address) throw new Underivable('overwritten');
  }

  #note(start: number, size: number, value: number | undefined): void {
    this.#written.push({ start, end: start + size, value });
  }

  #add(op: CpuOp): void {
    this.ops.push(this.#expectsFaults ? expecting(op) : op);
    this.#checkSize();
  }

  #checkSize(): void {
    const bytes = this.ops.reduce((sum, op) => sum + (op.op === 'MB' ? 0 : op.len), 0);
    if (this.ops.length > CPU_OP_VEC_LEN_MAX || bytes > CPU_OP_VEC_DATA_LEN_MAX)
      throw new Underivable('too-long');
  }
}

function expecting(op: CpuOp): CpuOp {
  switch (op.op) {
    case 'MB':
      return op;
    case 'MEMCPY':
      return { ...op, expectFaultDst: true, expectFaultSrc: true };
    case 'COMPARE_EQ':
    case 'COMPARE_NE':
      return { ...op, expectFaultA: true, expectFaultB: true };
    default:
      return { ...op, expectFaultP: true };
  }
}

function isWord(value: SymbolicValue): value is LoadedValue {
  return typeof value === 'object' && value.kind === 'loaded' && value.size === 4;
}
