import { MachineError } from './machine-error.js';

/** Whether a column is part of what makes two machine states the same. */
export type ColumnKind = 'semantic' | 'accounting';

/** Words that columns are cut from, and what they are after a reset. */
interface Chunk {
  readonly words: Int32Array;
  readonly image: Int32Array;
  used: number;
  /** The used part of the image. */
  initial: Int32Array;
}

/** Size of a chunk, in words; a longer column gets one of its own. */
const CHUNK_WORDS = 4096;

const LOW_PRIME = 0x85ebca6b;
const HIGH_PRIME = 0xc2b2ae35;

/**
 * The machine's mutable words, as named columns.
 *
 * Every part that has state which a run changes keeps it in columns of one arena, so that a reset
 * and a fingerprint see all of it and no part can forget its own. `semantic` columns decide what
 * may happen next; `accounting` columns (clocks, virtual run times, statistics, list links whose
 * order no search depends on) do not enter the fingerprint.
 *
 * Columns lie side by side in few buffers, so that a reset is a copy or two and not a hundred fills.
 */
export class StateArena {
  readonly #columns = new Map<string, Int32Array>();
  readonly #chunks: Chunk[] = [];
  readonly #semantic: Int32Array[] = [];

  /**
   * Adds a column of `length` words, each `initial` after every reset.
   *
   * @throws MachineError `ERR_STATE` when there is a column of that name
   */
  column(name: string, length: number, kind: ColumnKind, initial = 0): Int32Array {
    if (this.#columns.has(name))
      throw new MachineError('ERR_STATE', `expected a new state column, got "${name}" again`);
    const chunk = this.#chunkFor(length);
    const end = chunk.used + length;
    const view = chunk.words.subarray(chunk.used, end);
    chunk.image.fill(initial, chunk.used, end);
    chunk.used = end;
    chunk.initial = chunk.image.subarray(0, end);
    view.fill(initial);
    if (kind === 'semantic') this.#semantic.push(view);
    this.#columns.set(name, view);
    return view;
  }

  /** The column of that name, or undefined; for those who look at a machine from outside. */
  find(name: string): Int32Array | undefined {
    return this.#columns.get(name);
  }

  /** Appends the words of all semantic columns but one to `out`, in the order of the columns. */
  semanticWords(out: number[], but: Int32Array): void {
    for (const column of this.#semantic)
      if (column !== but) for (let i = 0; i < column.length; i++) out.push(column[i]!);
  }

  /** A copy of all columns. */
  copy(): readonly Int32Array[] {
    return this.#chunks.map(({ words, used }) => words.slice(0, used));
  }

  /** Puts every column to what it was at a copy. */
  restore(copies: readonly Int32Array[]): void {
    for (let i = 0; i < copies.length; i++) this.#chunks[i]!.words.set(copies[i]!);
  }

  /** Puts every column back to its initial value. */
  reset(): void {
    const chunks = this.#chunks;
    for (let i = 0; i < chunks.length; i++) chunks[i]!.words.set(chunks[i]!.initial);
  }

  /** Computes a 64-bit fingerprint of the semantic columns, in two lanes. */
  fingerprint(into: { low: number; high: number }): void {
    let low = 0;
    let high = 0;
    for (const column of this.#semantic)
      for (let i = 0; i < column.length; i++) {
        const word = column[i]!;
        low = Math.imul(low ^ word, LOW_PRIME);
        low ^= low >>> 15;
        high = Math.imul(high + word, HIGH_PRIME) ^ (high >>> 13);
      }
    into.low = low;
    into.high = high;
  }

  #chunkFor(length: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.used + length <= last.words.length) return last;
    const size = Math.max(length, CHUNK_WORDS);
    const image = new Int32Array(size);
    const chunk = { words: new Int32Array(size), image, used: 0, initial: image.subarray(0, 0) };
    this.#chunks.push(chunk);
    return chunk;
  }
}
