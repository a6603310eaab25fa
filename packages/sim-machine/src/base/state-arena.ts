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

/** What the owner of columns that few runs use says of them. */
export interface SeldomUse {
  /** Whether they may have been changed since the last reset; set before the first change. */
  isUsed: boolean;
}

/** Chunks that a reset puts back where they were used. */
interface SeldomChunks {
  readonly use: SeldomUse;
  readonly chunks: Chunk[];
}

/** Whose a column's words are: as many of each thread or CPU. */
export type ColumnOwner = 'thread' | 'cpu';

/** A column with a fixed number of words for each thread, or each CPU. */
interface OwnedColumn {
  readonly words: Int32Array;
  /** Words of one owner. */
  readonly stride: number;
  readonly isSemantic: boolean;
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
 * Columns lie side by side in few buffers, so that a reset is a copy or two and not a hundred fills. Where
 * there is a lot for threads that never come, its owner resets what was used
 * ({@link StateArena.columnApart}); a lot that few runs use at all is reset where its owner says so
 * ({@link StateArena.seldomColumn}).
 */
export class StateArena {
  readonly #columns = new Map<string, Int32Array>();
  readonly #chunks: Chunk[] = [];
  /** Those that every reset puts back. */
  readonly #always: Chunk[] = [];
  readonly #seldom: SeldomChunks[] = [];
  /** The chunk that columns are cut from. */
  #last: Chunk | undefined;
  readonly #semantic: Int32Array[] = [];
  /** Semantic columns that are not those of threads or CPUs. */
  readonly #common: Int32Array[] = [];
  readonly #owned: Record<ColumnOwner, OwnedColumn[]> = { thread: [], cpu: [] };

  /**
   * Adds a column of `length` words, each `initial` after every reset.
   *
   * @throws MachineError `ERR_STATE` when there is a column of that name
   */
  column(name: string, length: number, kind: ColumnKind, initial = 0): Int32Array {
    const view = this.#cut(name, length, kind, initial);
    if (kind === 'semantic') this.#common.push(view);
    return view;
  }

  /**
   * Adds an accounting column of zeros that its owner resets, who knows which few of very many words a run
   * has used.
   *
   * @throws MachineError `ERR_STATE` when there is a column of that name
   */
  columnApart(name: string, length: number): Int32Array {
    return this.#cut(name, length, 'accounting', 0, this.#newChunk(length));
  }

  /**
   * Adds a column that most runs leave as it is: a reset looks at `use` first, which the column may share with
   * others.
   *
   * @throws MachineError `ERR_STATE` when there is a column of that name
   */
  seldomColumn(
    use: SeldomUse,
    name: string,
    length: number,
    kind: ColumnKind,
    initial = 0,
  ): Int32Array {
    const chunk = this.#newChunk(length);
    const view = this.#cut(name, length, kind, initial, chunk);
    const known = this.#seldom.find((candidate) => candidate.use === use);
    if (known === undefined) this.#seldom.push({ use, chunks: [chunk] });
    else known.chunks.push(chunk);
    if (kind === 'semantic') this.#common.push(view);
    return view;
  }

  /**
   * Adds a column of what is kept for each of `threads` threads, `stride` words one: searches that look
   * at a thread apart from the others find it with the thread.
   *
   * @throws MachineError `ERR_STATE` when there is a column of that name
   */
  threadColumn(
    name: string,
    threads: number,
    kind: ColumnKind,
    initial = 0,
    stride = 1,
  ): Int32Array {
    const words = this.#cut(name, threads * stride, kind, initial);
    this.#owned.thread.push({ words, stride, isSemantic: kind === 'semantic' });
    return words;
  }

  /**
   * Adds a column of a word for each of `cpus` CPUs; see {@link threadColumn}.
   *
   * @throws MachineError `ERR_STATE` when there is a column of that name
   */
  cpuColumn(name: string, cpus: number, kind: ColumnKind, initial = 0): Int32Array {
    const words = this.#cut(name, cpus, kind, initial);
    this.#owned.cpu.push({ words, stride: 1, isSemantic: kind === 'semantic' });
    return words;
  }

  #cut(
    name: string,
    length: number,
    kind: ColumnKind,
    initial: number,
    chunk = this.#chunkFor(length),
  ): Int32Array {
    if (this.#columns.has(name))
      throw new MachineError('ERR_STATE', `expected a new state column, got "${name}" again`);
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

  /** Writes the words of semantic columns that are nobody's, nor `but`; how many. */
  commonWords(out: Int32Array, but: Int32Array): number {
    const common = this.#common;
    let at = 0;
    for (let n = 0; n < common.length; n++) {
      const column = common[n]!;
      if (column !== but) for (let i = 0; i < column.length; i++) out[at++] = column[i]!;
    }
    return at;
  }

  /** Puts back what {@link commonWords} wrote. */
  restoreCommon(from: Int32Array, but: Int32Array): void {
    this.#useAll();
    const common = this.#common;
    let at = 0;
    for (let n = 0; n < common.length; n++) {
      const column = common[n]!;
      if (column !== but) for (let i = 0; i < column.length; i++) column[i] = from[at++]!;
    }
  }

  /** Writes the words of a thread or CPU in semantic columns; how many. */
  ownWords(owner: ColumnOwner, index: number, out: Int32Array): number {
    const columns = this.#owned[owner];
    let at = 0;
    for (let n = 0; n < columns.length; n++) {
      const { words, stride, isSemantic } = columns[n]!;
      if (isSemantic)
        for (let i = index * stride; i < (index + 1) * stride; i++) out[at++] = words[i]!;
    }
    return at;
  }

  /** A copy of the words of a thread or CPU in all columns. */
  copyOwn(owner: ColumnOwner, index: number): Int32Array {
    const copy: number[] = [];
    for (const { words, stride } of this.#owned[owner])
      for (let i = index * stride; i < (index + 1) * stride; i++) copy.push(words[i]!);
    return Int32Array.from(copy);
  }

  /** Puts the words of a thread or CPU to what they were at a copy. */
  restoreOwn(owner: ColumnOwner, index: number, copy: Int32Array): void {
    const columns = this.#owned[owner];
    let at = 0;
    for (let n = 0; n < columns.length; n++) {
      const { words, stride } = columns[n]!;
      for (let i = index * stride; i < (index + 1) * stride; i++) words[i] = copy[at++]!;
    }
  }

  /** A copy of all columns. */
  copy(): readonly Int32Array[] {
    return this.#chunks.map(({ words, used }) => words.slice(0, used));
  }

  /** Puts every column to what it was at a copy. */
  restore(copies: readonly Int32Array[]): void {
    this.#useAll();
    for (let i = 0; i < copies.length; i++) this.#chunks[i]!.words.set(copies[i]!);
  }

  /** Puts every column back to its initial value, but for those that are reset by their owners. */
  reset(): void {
    const always = this.#always;
    for (let i = 0; i < always.length; i++) always[i]!.words.set(always[i]!.initial);
    const seldom = this.#seldom;
    for (let i = 0; i < seldom.length; i++) {
      const { use, chunks } = seldom[i]!;
      if (!use.isUsed) continue;
      use.isUsed = false;
      for (const { words, initial } of chunks) words.set(initial);
    }
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
    const last = this.#last;
    if (last !== undefined && last.used + length <= last.words.length) return last;
    const chunk = (this.#last = this.#newChunk(Math.max(length, CHUNK_WORDS)));
    this.#always.push(chunk);
    return chunk;
  }

  #useAll(): void {
    for (const { use } of this.#seldom) use.isUsed = true;
  }

  #newChunk(size: number): Chunk {
    const image = new Int32Array(size);
    const initial = image.subarray(0, 0);
    const chunk = { words: new Int32Array(size), image, used: 0, initial };
    this.#chunks.push(chunk);
    return chunk;
  }
}
