/** A read in the round of a thread that spins: while what it read is as it was, the thread reads it again. */
export interface SpinRead {
  readonly thread: number;
  /** The words that it read of, and which bytes of each, as bits. */
  readonly words: readonly { readonly location: number; readonly bytes: number }[];
  /** What its one word held; undefined where it read less or more, which any write of the bytes changes. */
  readonly value: number | undefined;
}
