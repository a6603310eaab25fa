import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { currentCpu } from '@rseqlab/rseq-runtime';
import { RCU_HEAD_BYTES } from '../deferred/call-rcu-queue.js';
import type { CallbackId } from '../deferred/deferred-callbacks.js';
import type { Deferral } from '../deferred/grace-period-poll.js';

/** Entries that an add may walk past before the table grows. @source liburcu, CHAIN_LEN_RESIZE_THRESHOLD */
const LONG_CHAIN = 3;

/** Buckets for each entry above which the table shrinks. */
const SPARSE = 4;

/**
 * Counts of entries are split over so many words, by CPU; a power of two. Adds touch one of them, removals sum
 * up all.
 */
const COUNTS = 8;

/** Bytes of a count: a line of its own. */
const COUNT_BYTES = 64;

/** Words that say what is wanted. */
const Offset = { target: 0, pending: 4, ended: 8, head: 12 } as const;

/** How large a table may get by itself, and how it does. */
export interface AutomaticResizeParts {
  /** Buckets it does not shrink below. */
  readonly least: number;
  /** Buckets it does not grow above. */
  readonly most: number;
  /** Makes the table have so many buckets; outside of read sections. */
  resize(t: Thread, buckets: number): Operation<void>;
}

/**
 * Has a hash table grow and shrink as entries come and go, by deferred work: whoever finds that it should,
 * in a read section, asks and goes on.
 *
 * One request is under way at a time. Who asks meanwhile says how large the table is to be, and whoever is at
 * it looks again before it ends.
 *
 * @source liburcu, src/rculfhash.c (check_resize, ht_count_add, ht_count_del, do_resize_cb)
 */
export class AutomaticResize {
  /** Address of its words, of which the first says how many buckets are wanted. */
  readonly address: number;
  readonly #counts: number;
  readonly #deferred: Deferral;
  readonly #parts: AutomaticResizeParts;
  readonly #work: CallbackId;

  constructor(process: Process, deferred: Deferral, parts: AutomaticResizeParts) {
    this.address = process.allocate(Offset.head + RCU_HEAD_BYTES);
    this.#counts = process.allocate(COUNTS * COUNT_BYTES);
    this.#deferred = deferred;
    this.#parts = parts;
    this.#work = deferred.define((t) => this.#resize(t));
    process.write32(this.address + Offset.target, parts.least);
  }

  /**
   * An entry was added behind so many others of its bucket.
   *
   * @param size address of the number of buckets
   */
  *added(t: Thread, size: number, chain: number): Operation<void> {
    yield* t.fetchAdd(yield* this.#countOf(t), 1);
    if (chain < LONG_CHAIN) return;
    const buckets = yield* t.load(size);
    const wanted = Math.min(this.#parts.most, buckets << ceilLog2(chain));
    if (wanted > buckets) yield* this.#ask(t, wanted);
  }

  /** An entry was removed. @param size address of the number of buckets */
  *removed(t: Thread, size: number): Operation<void> {
    yield* t.fetchAdd(yield* this.#countOf(t), -1);
    let entries = 0;
    for (let n = 0; n < COUNTS; n++) entries += yield* t.load(this.#counts + n * COUNT_BYTES);
    const buckets = yield* t.load(size);
    const wanted = Math.max(this.#parts.least, 1 << ceilLog2(Math.max(1, entries)));
    if (wanted * SPARSE <= buckets) yield* this.#ask(t, wanted);
  }

  /** Waits until nothing is under way; nobody may add or remove any more. */
  *end(t: Thread): Operation<void> {
    yield* t.store(this.address + Offset.ended, 1);
    yield* t.waitUntilEqual(this.address + Offset.pending, 0);
  }

  *#ask(t: Thread, buckets: number): Operation<void> {
    yield* t.store(this.address + Offset.target, buckets);
    if ((yield* t.exchange(this.address + Offset.pending, 1)) !== 0) return;
    yield* this.#deferred.call(t, this.address + Offset.head, this.#work);
  }

  /** The deferred work: until nobody has asked for another size meanwhile. */
  *#resize(t: Thread): Operation<void> {
    const target = this.address + Offset.target;
    const pending = this.address + Offset.pending;
    do {
      let done: number;
      do {
        done = yield* t.load(target);
        if ((yield* t.load(this.address + Offset.ended)) === 0) yield* this.#parts.resize(t, done);
      } while ((yield* t.load(target)) !== done);
      yield* t.exchange(pending, 0);
      // Who asked in between has found it pending, and left it to this thread.
      if ((yield* t.load(target)) === done) return;
    } while ((yield* t.exchange(pending, 1)) === 0);
  }

  *#countOf(t: Thread): Operation<number> {
    return this.#counts + ((yield* currentCpu(t)) & (COUNTS - 1)) * COUNT_BYTES;
  }
}

/** The least n with 2^n at least a positive number. */
function ceilLog2(value: number): number {
  return 32 - Math.clz32(value - 1);
}
