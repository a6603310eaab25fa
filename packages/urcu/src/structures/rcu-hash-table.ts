import { Errno, Mutex, endedOperation } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../domain/rcu-token.js';
import type { RcuFlavour } from '../rcu-flavour.js';
import { UrcuError } from '../urcu-error.js';
import { isPowerOfTwo, tableSize } from './hash-table-size.js';
import type { RcuHashTableOptions } from './hash-table-size.js';
import { AutomaticResize } from './automatic-resize.js';
import { LinkFlag, parentOf, reverseBits } from './split-order.js';
import { HASH_NODE_BYTES, NodeOffset, SplitOrderedList } from './split-ordered-list.js';
import type { Found, Match } from './split-ordered-list.js';

/** What a table that does not resize itself has to do. */
const NOTHING: Operation<void> = endedOperation(undefined);

/**
 * A hash table that is read, changed and resized at the same time, without locks but for the resize.
 *
 * A node is {@link HASH_NODE_BYTES} bytes wherever the caller keeps them. The hash is 32 bits, the
 * caller's; `match` tells entries with the same hash apart.
 *
 * | call                                                        | from                                 |
 * |-------------------------------------------------------------|--------------------------------------|
 * | `lookup`, `nextDuplicate`, `first`, `next`, `countEntries`  | read sections                        |
 * | `add`, `addUnique`, `addReplace`, `replace`, `del`          | read sections                        |
 * | `resize`, `destroy`                                         | outside of read sections             |
 *
 * | runs beside           | lookup ... | add, addUnique ... del | resize                             |
 * |-----------------------|------------|------------------------|------------------------------------|
 * | lookup ...            | yes        | yes                    | yes                                |
 * | add, addUnique ... del| yes        | yes                    | yes                                |
 * | resize                | yes        | yes                    | one at a time, by the table's mutex |
 *
 * A table that resizes itself grows when an add walks past three entries of its bucket, and shrinks when
 * few entries are left; see {@link RcuHashTableOptions.autoResize}. `destroy` comes last: when nobody uses
 * the table any more.
 *
 * Whoever `del` or `replace` tells that the node is theirs frees it, after a grace period.
 *
 * @source liburcu, src/rculfhash.c, doc/rcu-api.md
 */
export class RcuHashTable {
  readonly #list = new SplitOrderedList();
  readonly #flavour: RcuFlavour;
  readonly #size: number;
  readonly #nodes: number;
  readonly #maxBuckets: number;
  readonly #resizing: Mutex;
  readonly #automatic: AutomaticResize | undefined;

  private constructor(process: Process, flavour: RcuFlavour, options: RcuHashTableOptions) {
    const { buckets, maxBuckets } = tableSize(options);
    this.#flavour = flavour;
    this.#maxBuckets = maxBuckets;
    this.#size = process.allocate(4);
    this.#nodes = process.allocate(maxBuckets * HASH_NODE_BYTES);
    this.#resizing = Mutex.create(process);
    process.write32(this.#size, buckets);
    this.#linkBuckets(process, buckets);
    const { autoResize } = options;
    this.#automatic =
      autoResize &&
      new AutomaticResize(process, autoResize, {
        least: buckets,
        most: maxBuckets,
        resize: (t, wanted) => this.resize(t, wanted),
      });
  }

  /**
   * Makes an empty table.
   *
   * @throws UrcuError `ERR_BUCKETS` for numbers of buckets that are no powers of two, or out of order
   */
  static create(
    process: Process,
    flavour: RcuFlavour,
    options: RcuHashTableOptions = {},
  ): RcuHashTable {
    return new RcuHashTable(process, flavour, options);
  }

  /** The first entry with a hash that matches. */
  *lookup(t: Thread, _section: RcuToken, hash: number, match: Match): Operation<Found | undefined> {
    const bucket = yield* this.#bucketOf(t, hash);
    return yield* this.#list.find(t, bucket, reverseBits(hash), match);
  }

  /** The next entry of the same hash that matches. */
  *nextDuplicate(
    t: Thread,
    _section: RcuToken,
    found: Found,
    match: Match,
  ): Operation<Found | undefined> {
    const reverseHash = (yield* t.load(found.node + NodeOffset.reverseHash)) >>> 0;
    return yield* this.#list.find(t, found.node, reverseHash, match);
  }

  /** The first entry of all, in no order that means anything. */
  first(t: Thread, _section: RcuToken): Operation<Found | undefined> {
    return this.#list.nextEntry(t, this.#bucketAt(0));
  }

  /** The entry behind another. */
  next(t: Thread, _section: RcuToken, found: Found): Operation<Found | undefined> {
    return this.#list.nextEntry(t, found.node);
  }

  /** Adds a node beside others with the same hash, the same key included. */
  *add(t: Thread, _section: RcuToken, hash: number, node: number): Operation<void> {
    yield* this.#add(t, hash, node);
  }

  /** Adds a node unless an entry matches. @returns that entry, or undefined when the node was added */
  *addUnique(
    t: Thread,
    _section: RcuToken,
    hash: number,
    node: number,
    match: Match,
  ): Operation<Found | undefined> {
    return yield* this.#add(t, hash, node, match);
  }

  /** Adds a node, in the place of an entry that matches if there is one. @returns that, the caller's */
  *addReplace(
    t: Thread,
    section: RcuToken,
    hash: number,
    node: number,
    match: Match,
  ): Operation<number> {
    for (;;) {
      const there = yield* this.addUnique(t, section, hash, node, match);
      if (there === undefined) return 0;
      if (yield* this.replace(t, section, there, hash, node)) return there.node;
    }
  }

  /** Puts a node in the place of an entry. @returns whether the entry was there and is the caller's */
  *replace(
    t: Thread,
    _section: RcuToken,
    old: Found,
    hash: number,
    node: number,
  ): Operation<boolean> {
    const bucket = yield* this.#prepare(t, hash, node);
    if (!(yield* this.#list.replace(t, old, node))) return false;
    yield* this.#list.collect(t, bucket, reverseBits(hash));
    return true;
  }

  /** Takes a node out. @returns whether it was there and is the caller's to free */
  *del(t: Thread, _section: RcuToken, node: number): Operation<boolean> {
    if (!(yield* this.#list.markRemoved(t, node))) return false;
    const reverseHash = (yield* t.load(node + NodeOffset.reverseHash)) >>> 0;
    const bucket = yield* this.#bucketOf(t, reverseBits(reverseHash));
    yield* this.#list.collect(t, bucket, reverseHash);
    yield* this.#automatic?.removed(t, this.#size) ?? NOTHING;
    return yield* this.#list.own(t, node);
  }

  /** Whether a node was taken out or replaced, by anybody; while it is not freed. */
  isDeleted(t: Thread, _section: RcuToken, node: number): Operation<boolean> {
    return this.#list.isRemoved(t, node);
  }

  /** Counts the entries; those that come or go meanwhile may be counted or not. */
  *countEntries(t: Thread, section: RcuToken): Operation<number> {
    let count = 0;
    for (
      let found = yield* this.first(t, section);
      found !== undefined;
      found = yield* this.next(t, section, found)
    )
      count += 1;
    return count;
  }

  /** Buckets at present. */
  buckets(t: Thread): Operation<number> {
    return t.load(this.#size);
  }

  /**
   * Makes the table have so many buckets, while others use it; from outside of read sections.
   *
   * @throws UrcuError `ERR_BUCKETS` for a number that is no power of two up to the most there can be
   */
  *resize(t: Thread, buckets: number): Operation<void> {
    if (!isPowerOfTwo(buckets) || buckets > this.#maxBuckets)
      throw new UrcuError(
        'ERR_BUCKETS',
        `expected a power of two up to ${this.#maxBuckets} buckets, got ${String(buckets)}`,
      );
    yield* this.#resizing.lock(t);
    let size = yield* t.load(this.#size);
    while (size < buckets) size = yield* this.#grow(t, size);
    while (size > buckets) size = yield* this.#shrink(t, size);
    yield* this.#resizing.unlock(t);
  }

  /**
   * Ends a table that nobody uses any more: waits until it does not resize itself, for good.
   *
   * @returns 0, or -EPERM when there are entries; those are the caller's to take out before
   * @source liburcu, cds_lfht_destroy
   */
  *destroy(t: Thread): Operation<number> {
    yield* this.#automatic?.end(t) ?? NOTHING;
    return (yield* this.#list.nextEntry(t, this.#bucketAt(0))) === undefined ? 0 : -Errno.EPERM;
  }

  *#add(t: Thread, hash: number, node: number, match?: Match): Operation<Found | undefined> {
    const bucket = yield* this.#prepare(t, hash, node);
    const added = yield* this.#list.add(t, bucket, node, 0, match);
    if (typeof added !== 'number') return added;
    yield* this.#automatic?.added(t, this.#size, added) ?? NOTHING;
    return undefined;
  }

  /** Doubles the buckets: first they are linked, then they are used. */
  *#grow(t: Thread, size: number): Operation<number> {
    for (let bucket = size; bucket < 2 * size; bucket++) {
      const node = this.#bucketAt(bucket);
      const section = yield* this.#flavour.readLock(t);
      yield* t.store(node + NodeOffset.reverseHash, reverseBits(bucket) | 0);
      yield* this.#list.add(t, this.#bucketAt(parentOf(bucket)), node, LinkFlag.bucket);
      yield* this.#flavour.readUnlock(t, section);
    }
    yield* t.storeRelease(this.#size, 2 * size);
    return 2 * size;
  }

  /** Halves the buckets: first nobody begins at them, then they are taken out, then nobody is at them. */
  *#shrink(t: Thread, size: number): Operation<number> {
    const half = size / 2;
    yield* t.storeRelease(this.#size, half);
    yield* this.#flavour.synchronize(t);
    for (let bucket = half; bucket < size; bucket++) {
      const node = this.#bucketAt(bucket);
      const section = yield* this.#flavour.readLock(t);
      yield* t.fetchOr(node + NodeOffset.next, LinkFlag.removed);
      const reverseHash = reverseBits(bucket);
      yield* this.#list.collect(t, this.#bucketAt(parentOf(bucket)), reverseHash);
      yield* this.#flavour.readUnlock(t, section);
    }
    yield* this.#flavour.synchronize(t);
    return half;
  }

  /** Gives a node its hash and returns where to begin with it. */
  *#prepare(t: Thread, hash: number, node: number): Operation<number> {
    yield* t.store(node + NodeOffset.reverseHash, reverseBits(hash) | 0);
    return yield* this.#bucketOf(t, hash);
  }

  *#bucketOf(t: Thread, hash: number): Operation<number> {
    const size = yield* t.loadAcquire(this.#size);
    return this.#bucketAt(hash & (size - 1));
  }

  #bucketAt(bucket: number): number {
    return this.#nodes + bucket * HASH_NODE_BYTES;
  }

  /** Links the first buckets in their order, before any thread runs. */
  #linkBuckets(process: Process, buckets: number): void {
    const order = Array.from({ length: buckets }, (_, bucket) => bucket).sort(
      (a, b) => reverseBits(a) - reverseBits(b),
    );
    for (const [n, bucket] of order.entries()) {
      const next = order[n + 1];
      const node = this.#bucketAt(bucket);
      process.write32(node + NodeOffset.reverseHash, reverseBits(bucket) | 0);
      process.write32(
        node + NodeOffset.next,
        (next === undefined ? 0 : this.#bucketAt(next)) | LinkFlag.bucket,
      );
    }
  }
}
