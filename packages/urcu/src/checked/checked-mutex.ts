import type { Mutex, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';
import type { PlaceTable } from './place-table.js';
import type { SectionTable } from './section-table.js';

/** Words that are kept of a mutex: who holds it, and where what was done under or around it. */
const Offset = { owner: 0, reader: 4, gracePeriod: 8, bytes: 12 } as const;

/**
 * A mutex that readers may take, of which `CheckedRcu` finds that it can never be given back: a reader
 * waits for it, and whoever holds it waits for that reader.
 *
 * Both are found when they have happened once each, at any time and in any order: that they met is not
 * needed.
 *
 * @source linux, Documentation/locking/lockdep-design.rst
 */
export class CheckedMutex {
  readonly #mutex: Mutex;
  readonly #words: number;
  readonly #sections: SectionTable;
  readonly #places: PlaceTable;

  /** Made by `CheckedRcu.guard`. @internal */
  constructor(process: Process, mutex: Mutex, sections: SectionTable, places: PlaceTable) {
    this.#mutex = mutex;
    this.#words = process.allocate(Offset.bytes);
    this.#sections = sections;
    this.#places = places;
  }

  /**
   * Takes the mutex.
   *
   * @throws UrcuError `ERR_DEADLOCK` inside of a section, when somebody has waited for a grace period with it
   */
  *lock(t: Thread): Operation<void> {
    if ((yield* this.#sections.latest(t)) !== 0) yield* this.#note(t, Offset.reader);
    yield* this.#mutex.lock(t);
    yield* t.store(this.#words + Offset.owner, t.id + 1);
  }

  /** Gives it back. */
  *unlock(t: Thread): Operation<void> {
    yield* t.store(this.#words + Offset.owner, 0);
    yield* this.#mutex.unlock(t);
  }

  /**
   * Notes that the calling thread waits for a grace period.
   *
   * @throws UrcuError `ERR_DEADLOCK` when it holds the mutex and a reader has taken it
   * @internal
   */
  *noteGracePeriod(t: Thread): Operation<void> {
    if ((yield* t.load(this.#words + Offset.owner)) === t.id + 1)
      yield* this.#note(t, Offset.gracePeriod);
  }

  *#note(t: Thread, what: number): Operation<void> {
    yield* t.store(this.#words + what, this.#places.here());
    const reader = yield* t.load(this.#words + Offset.reader);
    const gracePeriod = yield* t.load(this.#words + Offset.gracePeriod);
    if (reader !== 0 && gracePeriod !== 0)
      throw new UrcuError(
        'ERR_DEADLOCK',
        `expected no mutex that readers take to be held across a grace period, got one that a reader ` +
          `takes at ${this.#places.text(reader)} and that is held at ${this.#places.text(gracePeriod)}`,
      );
  }
}
