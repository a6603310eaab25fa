import { MembarrierCommand, membarrier } from '@rseqlab/sim-machine';
import type { Operation, Routine, Thread } from '@rseqlab/sim-machine';
import { KERNEL_PROGRAM } from './kernel-program.js';
import type { RcuEnvironment } from './rcu-port.js';
import { SECTIONS_PER_WORD, freeSection, isOpen, moveOn } from './section-word.js';

const WORD_BYTES = 4;

/** How many sections a thread can be in at once, and how many bytes it has for that. */
export type SectionCapacity = 2 | 4;

/** What the readers and updaters of one domain share. */
export class ReaderDomain {
  readonly #environment: RcuEnvironment;
  readonly #capacity: SectionCapacity;
  readonly #laneBytes: number;
  /** A lane of counters a thread, whole words, which nobody else writes. */
  readonly #lanes: number;
  /** A word of counters for sections that any thread may end. */
  readonly #shared: number;
  /** The words that a grace period has to look at. */
  readonly #scanned: readonly number[];
  readonly #scan: Routine;
  /** By thread: what is in its lane. */
  readonly #own: Int32Array;

  /**
   * @param capacity - sections of one thread at once
   * @param domain - the domain; undefined for RCU
   */
  constructor(environment: RcuEnvironment, capacity: SectionCapacity, domain?: number) {
    const { threads } = environment;
    this.#environment = environment;
    this.#capacity = capacity;
    this.#laneBytes = capacity / 2;
    const perWord = WORD_BYTES / this.#laneBytes;
    const words = Math.ceil(threads / perWord);
    this.#lanes = environment.allocate((words + 1) * WORD_BYTES);
    this.#shared = this.#lanes + words * WORD_BYTES;
    const readers = Array.from({ length: threads }, (_, id) => id).filter((id) =>
      environment.reads(id, domain),
    );
    const lanes = new Set(readers.map((id) => Math.floor(id / perWord)));
    this.#scanned = [...lanes].map((word) => this.#lanes + word * WORD_BYTES);
    if (environment.handsOver(domain)) this.#scanned = [...this.#scanned, this.#shared];
    this.#scan = environment.install(KERNEL_PROGRAM).routine('scan');
    this.#own = new Int32Array(threads);
  }

  /** Whether a thread is in a section that only it may end. */
  isInside(thread: number): boolean {
    return freeSection(~this.#own[thread]!, SECTIONS_PER_WORD) !== -1;
  }

  /**
   * Begins a section: a plain store, without any fence; the updater's membarrier pairs with it.
   *
   * @returns its index, or -1 when there are too many at once
   */
  *enter(t: Thread): Operation<number> {
    const index = freeSection(this.#own[t.id]!, this.#capacity);
    if (index !== -1) yield* this.#move(t, index);
    return index;
  }

  /** Ends a section: a plain store as well. @returns whether it was one of the thread's */
  *leave(t: Thread, index: number): Operation<boolean> {
    if (!isOpen(this.#own[t.id]!, index)) return false;
    yield* this.#move(t, index);
    return true;
  }

  /** Begins a section that any thread may end. @returns its index, or -1 */
  *enterForAnyone(t: Thread): Operation<number> {
    let seen = yield* t.load(this.#shared);
    for (;;) {
      const index = freeSection(seen, SECTIONS_PER_WORD);
      if (index === -1) return -1;
      const old = yield* t.compareExchange(this.#shared, seen, moveOn(seen, index));
      if (old === seen) return index;
      seen = old;
    }
  }

  /** Ends such a section. @returns whether there was one */
  *leaveForAnyone(t: Thread, index: number): Operation<boolean> {
    let seen = yield* t.load(this.#shared);
    while (isOpen(seen, index)) {
      const old = yield* t.compareExchange(this.#shared, seen, moveOn(seen, index));
      if (old === seen) return true;
      seen = old;
    }
    return false;
  }

  /**
   * Waits for the sections that are open now.
   *
   * The first membarrier has every other CPU pass through a full fence: a reader whose store is not
   * seen behind it has not made any access of its section yet. The last one makes what readers did in
   * their sections visible before anything that follows here.
   */
  *synchronize(t: Thread): Operation<void> {
    yield* membarrier(t, MembarrierCommand.Global);
    yield* this.waitForReaders(t);
    yield* membarrier(t, MembarrierCommand.Global);
  }

  /** Waits for the sections that can be seen, and orders nothing. */
  *waitForReaders(t: Thread): Operation<void> {
    this.#environment.waits(t, () => this.#insiders());
    for (const word of this.#scanned) if (!t.exec(this.#scan, word)) yield;
    this.#environment.goesOn(t);
  }

  #insiders(): readonly number[] {
    return [...this.#own.keys()].filter((thread) => this.isInside(thread));
  }

  #move(t: Thread, index: number): Operation<void> {
    const counters = moveOn(this.#own[t.id]!, index);
    this.#own[t.id] = counters;
    const lane = this.#lanes + t.id * this.#laneBytes;
    return this.#laneBytes === 1 ? t.store8(lane, counters) : t.store16(lane, counters);
  }
}
