import { Mutex } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';
import { RecordOffset } from './reader-record.js';

const WORD = 4;

/**
 * The readers that a flavour has to wait for, as addresses of their records.
 *
 * | word    | holds                                      |
 * |---------|--------------------------------------------|
 * | 0       | number of readers                          |
 * | 1 ...   | their records, in no order, without gaps   |
 *
 * Invariant: the reader at place n has n + 1 in the registration word of its record.
 */
export class ReaderRegistry {
  readonly #base: number;
  readonly #capacity: number;
  /** Held while the words are read or changed; a grace period gives it back while it sleeps. */
  readonly mutex: Mutex;

  /** @param capacity readers at once */
  constructor(process: Process, capacity: number) {
    this.#capacity = capacity;
    this.#base = process.allocate((1 + capacity) * WORD);
    this.mutex = Mutex.create(process);
  }

  /**
   * Adds a record.
   *
   * @throws UrcuError `ERR_REGISTRATION` when it is there already
   */
  *add(t: Thread, record: number): Operation<void> {
    if ((yield* t.load(record + RecordOffset.registration)) !== 0)
      throw new UrcuError(
        'ERR_REGISTRATION',
        `expected thread ${t.id} ${t.name} to register once, got another registration`,
      );
    yield* this.mutex.lock(t);
    const count = yield* t.load(this.#base);
    if (count === this.#capacity) {
      yield* this.mutex.unlock(t);
      throw new UrcuError(
        'ERR_CAPACITY',
        `expected at most ${this.#capacity} readers at once, got one more`,
      );
    }
    yield* t.store(this.#placeOf(count), record);
    yield* t.store(record + RecordOffset.registration, count + 1);
    yield* t.store(this.#base, count + 1);
    yield* this.mutex.unlock(t);
  }

  /** Takes a record out that is there; the last one moves to its place. */
  *remove(t: Thread, record: number): Operation<void> {
    yield* this.mutex.lock(t);
    const place = (yield* t.load(record + RecordOffset.registration)) - 1;
    const last = (yield* t.load(this.#base)) - 1;
    if (place !== last) {
      const moved = yield* t.load(this.#placeOf(last));
      yield* t.store(this.#placeOf(place), moved);
      yield* t.store(moved + RecordOffset.registration, place + 1);
    }
    yield* t.store(this.#base, last);
    yield* t.store(record + RecordOffset.registration, 0);
    yield* this.mutex.unlock(t);
  }

  /** Leaves one record, or none, of those that were copied by fork; in the child, which frees the mutex. */
  *keepOnly(t: Thread, record: number): Operation<void> {
    const isThere = (yield* t.load(record + RecordOffset.registration)) !== 0;
    if (isThere) {
      yield* t.store(this.#placeOf(0), record);
      yield* t.store(record + RecordOffset.registration, 1);
    }
    yield* t.store(this.#base, isThere ? 1 : 0);
    yield* t.store(this.mutex.address, 0);
  }

  /** All records; by a thread that holds the lock. */
  *records(t: Thread): Operation<number[]> {
    const count = yield* t.load(this.#base);
    const records: number[] = [];
    for (let place = 0; place < count; place++) records.push(yield* t.load(this.#placeOf(place)));
    return records;
  }

  #placeOf(place: number): number {
    return this.#base + (1 + place) * WORD;
  }
}
