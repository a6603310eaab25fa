/** What an atomic operation does to its word. */
export const AtomicOperation = {
  /** Stores the operand where the word is as expected. */
  CompareExchange: 0,
  Exchange: 1,
  Add: 2,
  And: 3,
  Or: 4,
  Xor: 5,
} as const;

/** One of the {@link AtomicOperation} values. */
export type AtomicOperation = (typeof AtomicOperation)[keyof typeof AtomicOperation];

/** What an operation that is not failing makes of a word. */
export function atomicResult(operation: AtomicOperation, old: number, operand: number): number {
  switch (operation) {
    case AtomicOperation.CompareExchange:
    case AtomicOperation.Exchange:
      return operand;
    case AtomicOperation.Add:
      return (old + operand) | 0;
    case AtomicOperation.And:
      return old & operand;
    case AtomicOperation.Or:
      return old | operand;
    case AtomicOperation.Xor:
      return old ^ operand;
  }
}
