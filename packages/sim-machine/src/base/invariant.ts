/** Guards against bugs of our own: never reached by a caller's mistake. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`rseqlab bug: ${message}`);
}
