/** Why a section has no vector that does the same, by name. */
export type NoFallbackRule =
  /** An address depends on a loaded value: cpu_opv follows no pointers. */
  | 'address'
  /** A stored value is neither known, nor a copy, nor what cpu_opv computes in place. */
  | 'value'
  /** A branch on a loaded value asks for more than whether it is equal. */
  | 'compare'
  /** Both ways of a branch on a loaded value have effects: a vector can only go on or stop. */
  | 'both-ways'
  /** What the routine returns depends on a loaded value: a vector returns none. */
  | 'result'
  /** A value was overwritten by the section itself between its load and its use. */
  | 'overwritten'
  /** An atomic operation: cpu_opv excludes the CPU's own threads only. */
  | 'atomic'
  /** A load with acquire order: cpu_opv orders by full fences alone. */
  | 'order'
  /** The section works on something else than the CPU it is on, such as `mm_cid`. */
  | 'index'
  /** Memory is accessed outside of the section. */
  | 'outside'
  /** The section reads a clock, waits or enters the kernel on its way. */
  | 'instruction'
  /** More operations or bytes than a vector can have. */
  | 'too-long';

/** Why a section has no vector, and where. */
export interface NoFallback {
  readonly rule: NoFallbackRule;
  /** Byte offset in the program. */
  readonly offset: number;
  /** What stands there, as assembly. */
  readonly instruction: string;
  /** "expected ..., got ...". */
  readonly message: string;
  /**
   * Address of the word whose value would help: who loads it first can derive a vector for that
   * value, see `SectionCall.observed`.
   */
  readonly wants?: number;
}

/** What is expected instead, by rule. */
export const EXPECTED: Readonly<Record<NoFallbackRule, string>> = {
  address: 'expected an address that is known beforehand, got one that was loaded',
  value: 'expected a value that is known, copied, or computed in place, got another',
  compare: 'expected loaded values to be compared for equality, got another comparison',
  'both-ways': 'expected one way of the branch to leave without effect, got effects on both',
  result: 'expected a result that is known beforehand, got one that depends on a loaded value',
  overwritten: 'expected a loaded value to stay in memory until it is used, got a store to it',
  atomic: 'expected plain accesses, got an atomic one',
  order: 'expected plain loads, got one with acquire order',
  index: 'expected the number of the CPU as index, got another field of struct rseq',
  outside: 'expected accesses in the section only, got one outside',
  instruction: 'expected computation, loads, stores and branches, got something else',
  'too-long': 'expected at most 16 operations of 4216 bytes together, got more',
};

/** Ends a derivation; caught where it began. @internal */
export class Underivable extends Error {
  readonly rule: NoFallbackRule;
  /** Address of the word that would have to be known. */
  readonly wants: number | undefined;

  constructor(rule: NoFallbackRule, wants?: number) {
    super(EXPECTED[rule]);
    this.rule = rule;
    this.wants = wants;
  }
}
