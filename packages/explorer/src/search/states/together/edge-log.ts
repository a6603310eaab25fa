/** Words of a piece: a power of two. */
const PIECE_BITS = 15;

/** Words of a piece. */
export const PIECE_WORDS: number = 1 << PIECE_BITS;

/** Transitions as one thread took them, to be read by others. */
export interface EdgeRecord {
  /** Memory of so many words each. */
  readonly pieces: readonly SharedArrayBuffer[];
  /** How many words there are in all. */
  readonly length: number;
}

/**
 * Notes the transitions that a thread takes: the complement of the number of a state, then those of all states that
 * its transitions lead to.
 */
export class EdgeLog {
  readonly #pieces: SharedArrayBuffer[] = [];
  #piece: Int32Array = new Int32Array(0);
  #length = 0;
  #from = 0;

  /** All that is noted. */
  get record(): EdgeRecord {
    return { pieces: this.#pieces, length: this.#length };
  }

  /** Notes a transition; those of a state come one after the other. */
  edge(from: number, to: number): void {
    if (from !== this.#from) this.#push(~(this.#from = from));
    this.#push(to);
  }

  #push(word: number): void {
    const at = this.#length++ & (PIECE_WORDS - 1);
    if (at === 0) {
      const piece = new SharedArrayBuffer(PIECE_WORDS * Int32Array.BYTES_PER_ELEMENT);
      this.#pieces.push(piece);
      this.#piece = new Int32Array(piece);
    }
    this.#piece[at] = word;
  }
}

/** The words of a record, piece by piece. */
export function piecesOf({ pieces, length }: EdgeRecord): readonly Int32Array[] {
  return pieces.map((piece, index) =>
    new Int32Array(piece).subarray(0, Math.min(PIECE_WORDS, length - (index << PIECE_BITS))),
  );
}
