import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../domain/rcu-token.js';

/** Layout of an entry; all words of an unused one are 0. */
const EntryOffset = { token: 0, place: 4, sequence: 8 } as const;
const ENTRY_BYTES = 12;

/** In front of the entries of a thread. */
const RowOffset = { offline: 0, left: 4, waits: 8 } as const;
const ROW_HEADER_BYTES = 12;

/** An open section as the table has it. */
export interface SectionEntry {
  readonly thread: number;
  readonly token: RcuToken;
  readonly place: number;
  readonly age: number;
}

/**
 * The open read sections of every thread, in simulated memory: a row a thread, which only that thread
 * writes.
 *
 * | word of a row   | holds                                                          |
 * |-----------------|----------------------------------------------------------------|
 * | 0               | number of the place where the thread went offline; 0 online    |
 * | 1               | number of the place where it left its latest section           |
 * | 2               | number of the place where it waits for a grace period; or 0    |
 * | 3 + 3n          | one more than the token of section n, the latest last; or 0     |
 * | 4 + 3n          | number of the place where it was entered                       |
 * | 5 + 3n          | grace periods that had begun then                              |
 */
export class SectionTable {
  /** Sections that a thread can be in. */
  readonly nesting: number;
  readonly #process: Process;
  readonly #threads: number;
  readonly #sequence: number;
  readonly #rows: number;
  readonly #rowBytes: number;

  constructor(process: Process, threads: number, nesting: number) {
    this.#process = process;
    this.#threads = threads;
    this.nesting = nesting;
    this.#rowBytes = ROW_HEADER_BYTES + nesting * ENTRY_BYTES;
    this.#sequence = process.allocate(4);
    this.#rows = process.allocate(threads * this.#rowBytes);
  }

  /** Notes a section of the calling thread; false when there is no room. */
  *open(t: Thread, token: RcuToken, place: number): Operation<boolean> {
    for (let n = 0; n < this.nesting; n++) {
      const at = this.#entry(t.id, n);
      if ((yield* t.load(at + EntryOffset.token)) !== 0) continue;
      yield* t.store(at + EntryOffset.place, place);
      yield* t.store(at + EntryOffset.sequence, yield* t.load(this.#sequence));
      yield* t.store(at + EntryOffset.token, token + 1);
      return true;
    }
    return false;
  }

  /**
   * Forgets a section of the calling thread, its latest with that token; false when there is none.
   *
   * @param place where it is left
   */
  *close(t: Thread, token: RcuToken, place: number): Operation<boolean> {
    for (let n = this.nesting - 1; n >= 0; n--) {
      const at = this.#entry(t.id, n);
      if ((yield* t.load(at + EntryOffset.token)) !== token + 1) continue;
      for (const offset of Object.values(EntryOffset)) yield* t.store(at + offset, 0);
      yield* t.store(this.#row(t.id) + RowOffset.left, place);
      return true;
    }
    return false;
  }

  /** Place of the calling thread's latest section; 0 when it has none. */
  *latest(t: Thread): Operation<number> {
    for (let n = this.nesting - 1; n >= 0; n--) {
      const at = this.#entry(t.id, n);
      if ((yield* t.load(at + EntryOffset.token)) !== 0)
        return yield* t.load(at + EntryOffset.place);
    }
    return 0;
  }

  /** Place where the calling thread left its latest section; 0 when it never had one. */
  left(t: Thread): Operation<number> {
    return t.load(this.#row(t.id) + RowOffset.left);
  }

  /** Notes where the calling thread goes offline; 0 when it is back. */
  *setOffline(t: Thread, place: number): Operation<void> {
    yield* t.store(this.#row(t.id) + RowOffset.offline, place);
  }

  /** Place where it went offline; 0 while it is online. */
  offlineSince(t: Thread): Operation<number> {
    return t.load(this.#row(t.id) + RowOffset.offline);
  }

  /** Counts a grace period that begins, and notes where the calling thread waits for it. */
  *beginGracePeriod(t: Thread, place: number): Operation<void> {
    yield* t.store(this.#row(t.id) + RowOffset.waits, place);
    yield* t.fetchAdd(this.#sequence, 1);
  }

  /** The calling thread waits no more. */
  *endGracePeriod(t: Thread): Operation<void> {
    yield* t.store(this.#row(t.id) + RowOffset.waits, 0);
  }

  /** Place where some other thread entered a section that has a token; 0 when none has. */
  *holder(t: Thread, token: RcuToken): Operation<number> {
    for (let thread = 0; thread < this.#threads; thread++)
      for (let n = 0; n < this.nesting; n++) {
        const at = this.#entry(thread, n);
        if (thread !== t.id && (yield* t.load(at + EntryOffset.token)) === token + 1)
          return yield* t.load(at + EntryOffset.place);
      }
    return 0;
  }

  /** Threads that wait for grace periods, and the places where they do; looked at from outside. */
  waiting(): { readonly thread: number; readonly place: number }[] {
    const places = Array.from({ length: this.#threads }, (_, thread) => ({
      thread,
      place: this.#process.read32(this.#row(thread) + RowOffset.waits),
    }));
    return places.filter(({ place }) => place !== 0);
  }

  /** All open sections, looked at from outside. */
  all(): SectionEntry[] {
    const word = (address: number): number => this.#process.read32(address);
    const now = word(this.#sequence);
    const entries: SectionEntry[] = [];
    for (let thread = 0; thread < this.#threads; thread++)
      for (let n = 0; n < this.nesting; n++) {
        const at = this.#entry(thread, n);
        const token = word(at + EntryOffset.token);
        if (token === 0) continue;
        entries.push({
          thread,
          token: (token - 1) as RcuToken,
          place: word(at + EntryOffset.place),
          age: (now - word(at + EntryOffset.sequence)) | 0,
        });
      }
    return entries;
  }

  #row(thread: number): number {
    return this.#rows + thread * this.#rowBytes;
  }

  #entry(thread: number, n: number): number {
    return this.#row(thread) + ROW_HEADER_BYTES + n * ENTRY_BYTES;
  }
}
