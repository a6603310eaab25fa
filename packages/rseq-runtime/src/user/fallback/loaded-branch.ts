import type { Mnemonic } from '@rseqlab/sim-machine';
import { Underivable } from './no-fallback.js';
import type { LoadedValue, SymbolicValue } from './symbolic-value.js';

/** A branch that depends on memory: taken if two values are equal, or if they are not. */
export interface LoadedBranch {
  /** What has to hold for the branch to be taken. */
  readonly takenIf: 'equal' | 'not-equal';
  readonly left: LoadedValue;
  readonly right: number | LoadedValue;
  /** Where it goes; byte offsets in the program. */
  readonly target: number;
  /** Where it does not go. */
  readonly next: number;
}

const KNOWN: Readonly<Partial<Record<Mnemonic, (a: number, b: number) => boolean>>> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => a < b,
  bge: (a, b) => a >= b,
  bltu: (a, b) => a >>> 0 < b >>> 0,
  bgeu: (a, b) => a >>> 0 >= b >>> 0,
};

/**
 * Whether a conditional branch is taken, or what in memory that depends on.
 *
 * @throws Underivable where no comparison of cpu_opv says the same
 */
export function branchOn(
  mnemonic: Mnemonic,
  a: SymbolicValue,
  b: SymbolicValue,
): boolean | Omit<LoadedBranch, 'target' | 'next'> {
  if (typeof a === 'number' && typeof b === 'number') return KNOWN[mnemonic]!(a, b);
  if (mnemonic !== 'beq' && mnemonic !== 'bne') throw new Underivable('compare');
  const takenIf = mnemonic === 'beq' ? 'equal' : 'not-equal';
  if (typeof a === 'number') return equality(takenIf, b, a);
  return equality(takenIf, a, b);
}

function equality(
  takenIf: LoadedBranch['takenIf'],
  value: SymbolicValue,
  other: SymbolicValue,
): boolean | Omit<LoadedBranch, 'target' | 'next'> {
  if (typeof value === 'number') throw new Underivable('compare');
  if (value.kind === 'opaque') throw new Underivable(value.rule);
  if (typeof other === 'object') {
    const isAlike =
      value.kind === 'loaded' &&
      other.kind === 'loaded' &&
      value.size === other.size &&
      (value.signed === other.signed || value.size === 4);
    if (!isAlike) throw new Underivable('compare');
    return { takenIf, left: value, right: other };
  }
  let wanted = other;
  if (value.kind === 'computed') {
    // left + c === k if and only if left === k - c, in 32 bits; the same for xor.
    if (value.by !== 'ADD' && value.by !== 'XOR') throw new Underivable('compare');
    wanted = value.by === 'ADD' ? (other - value.operand) | 0 : other ^ value.operand;
  }
  const left = value.kind === 'computed' ? value.from : value;
  if (!canBe(left, wanted)) return takenIf === 'not-equal';
  return { takenIf, left, right: wanted };
}

/** Whether a loaded value can be a number at all. */
function canBe({ size, signed }: LoadedValue, wanted: number): boolean {
  if (size === 4) return true;
  const unused = 32 - size * 8;
  return (signed ? (wanted << unused) >> unused : (wanted << unused) >>> unused) === wanted;
}
