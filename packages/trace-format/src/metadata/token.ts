/** A piece of metadata: a word, a number, quoted text, or punctuation. */
export interface Token {
  readonly kind: 'word' | 'integer' | 'text' | 'mark' | 'end';
  /** What is written; of quoted text what it means. */
  readonly text: string;
  /** Of an integer. */
  readonly value: bigint;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}
