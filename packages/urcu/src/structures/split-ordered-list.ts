import type { Operation, Thread } from '@rseqlab/sim-machine';
import { LinkFlag, addressOf, hasFlag, keepingBucket } from './split-order.js';

/** Layout of a node: a link, and the hash with its bits in reverse. */
export const NodeOffset = { next: 0, reverseHash: 4 } as const;

/** Bytes of a node. */
export const HASH_NODE_BYTES = 8;

/** Whether a node is the one that is looked for; called with nodes of the same hash. */
export type Match = (t: Thread, node: number) => Operation<boolean>;

/** A node that was found, with its link at that moment: what `replace` and `nextDuplicate` go on from. */
export interface Found {
  readonly node: number;
  readonly link: number;
}

/** Where a node would be put: behind `previous`, whose link is `link`, and behind so many entries. */
interface Gap {
  readonly previous: number;
  readonly link: number;
  readonly entries: number;
}

/**
 * The list that all entries of a hash table are in, and all of its buckets, sorted by reversed hash.
 *
 * All operations run beside each other, in read sections. A node is removed in two steps: a flag in its
 * link says that it is, from when on its link stays; then whoever comes by takes it out of the list.
 *
 * @source liburcu, src/rculfhash.c; Harris, "A Pragmatic Implementation of Non-Blocking Linked-Lists",
 *   2001; Michael, "High Performance Dynamic Lock-Free Hash Tables and List-Based Sets", 2002
 */
export class SplitOrderedList {
  /** The first entry with a hash that matches, from a node on; undefined when there is none. */
  *find(t: Thread, from: number, reverseHash: number, match: Match): Operation<Found | undefined> {
    let node = addressOf(yield* t.loadAcquire(from + NodeOffset.next));
    while (node !== 0) {
      const hash = (yield* t.load(node + NodeOffset.reverseHash)) >>> 0;
      if (hash > reverseHash) break;
      const link = yield* t.loadAcquire(node + NodeOffset.next);
      if (hash === reverseHash && isEntry(link) && (yield* match(t, node))) return { node, link };
      node = addressOf(link);
    }
    return undefined;
  }

  /** The first entry behind a node, whatever its hash; undefined at the end. */
  *nextEntry(t: Thread, from: number): Operation<Found | undefined> {
    let node = addressOf(yield* t.loadAcquire(from + NodeOffset.next));
    while (node !== 0) {
      const link = yield* t.loadAcquire(node + NodeOffset.next);
      if (isEntry(link)) return { node, link };
      node = addressOf(link);
    }
    return undefined;
  }

  /**
   * Puts a node in, first among those with its hash when it has to be the only one that matches, or is a
   * bucket; else last.
   *
   * @param unique finds out which entries are the same; none when duplicates are welcome
   * @returns the entry that is there already; or, when the node was put in, how many entries lie between
   *   the bucket and it
   */
  *add(
    t: Thread,
    bucket: number,
    node: number,
    flag: 0 | typeof LinkFlag.bucket,
    unique?: Match,
  ): Operation<Found | number> {
    const reverseHash = (yield* t.load(node + NodeOffset.reverseHash)) >>> 0;
    for (;;) {
      const gap = yield* this.#gapFor(t, bucket, reverseHash, flag !== 0, unique);
      if (gap === undefined) continue;
      if ('node' in gap) return gap;
      const { previous, link, entries } = gap;
      yield* t.store(node + NodeOffset.next, addressOf(link) | flag);
      const desired = keepingBucket(link, node);
      if ((yield* t.compareExchange(previous + NodeOffset.next, link, desired)) === link)
        return entries;
    }
  }

  /** Marks a node as removed. @returns false when it was already */
  *markRemoved(t: Thread, node: number): Operation<boolean> {
    const link = yield* t.load(node + NodeOffset.next);
    if (hasFlag(link, LinkFlag.removed)) return false;
    yield* t.fetchOr(node + NodeOffset.next, LinkFlag.removed);
    return true;
  }

  /** Whether a node is removed. */
  *isRemoved(t: Thread, node: number): Operation<boolean> {
    return hasFlag(yield* t.load(node + NodeOffset.next), LinkFlag.removed);
  }

  /** Takes the right to free a removed node; true for exactly one caller. */
  *own(t: Thread, node: number): Operation<boolean> {
    const before = yield* t.fetchOr(node + NodeOffset.next, LinkFlag.removalOwner);
    return !hasFlag(before, LinkFlag.removalOwner);
  }

  /**
   * Puts a node in the place of one that was found.
   *
   * The new node goes behind the old one in the same step that marks the old one as removed and takes the
   * right to free it: a reader meets one of the two, and nobody else can remove the old one as well.
   *
   * @param owns whether the right to free is taken in that step, as it must; `false` is for tests
   * @returns false when the old one was removed before
   */
  *replace(t: Thread, old: Found, fresh: number, owns = true): Operation<boolean> {
    const flags = LinkFlag.removed | (owns ? LinkFlag.removalOwner : 0);
    let { link } = old;
    for (;;) {
      if (hasFlag(link, LinkFlag.removed)) return false;
      yield* t.store(fresh + NodeOffset.next, link);
      const at = old.node + NodeOffset.next;
      const found = yield* t.compareExchange(at, link, fresh | flags);
      if (found === link) return true;
      link = found;
    }
  }

  /** Takes removed nodes out of the list, from a bucket up to a hash. */
  *collect(t: Thread, bucket: number, reverseHash: number): Operation<void> {
    while (!(yield* this.#collectOne(t, bucket, reverseHash)));
  }

  /** Takes the first removed node out; true when there is none. */
  *#collectOne(t: Thread, bucket: number, reverseHash: number): Operation<boolean> {
    let previous = bucket;
    let link = yield* t.loadAcquire(previous + NodeOffset.next);
    for (;;) {
      const node = addressOf(link);
      if (node === 0) return true;
      if ((yield* t.load(node + NodeOffset.reverseHash)) >>> 0 > reverseHash) return true;
      const next = yield* t.loadAcquire(node + NodeOffset.next);
      if (hasFlag(next, LinkFlag.removed)) {
        yield* this.#unlink(t, previous, link, next);
        return false;
      }
      previous = node;
      link = next;
    }
  }

  /** Where a node goes; or the entry that keeps it out; undefined when it has to be looked for again. */
  *#gapFor(
    t: Thread,
    bucket: number,
    reverseHash: number,
    isBucket: boolean,
    unique: Match | undefined,
  ): Operation<Gap | Found | undefined> {
    let previous = bucket;
    let entries = 0;
    let link = yield* t.loadAcquire(previous + NodeOffset.next);
    for (;;) {
      const node = addressOf(link);
      if (node === 0) return { previous, link, entries };
      const hash = (yield* t.load(node + NodeOffset.reverseHash)) >>> 0;
      if (hash > reverseHash || (isBucket && hash === reverseHash))
        return { previous, link, entries };
      const next = yield* t.loadAcquire(node + NodeOffset.next);
      if (hasFlag(next, LinkFlag.removed)) {
        yield* this.#unlink(t, previous, link, next);
        return undefined;
      }
      if (unique !== undefined && hash === reverseHash && isEntry(next))
        return (
          (yield* this.#sameFrom(t, { node, link: next }, reverseHash, unique)) ?? {
            previous,
            link,
            entries,
          }
        );
      if (isEntry(next)) entries += 1;
      previous = node;
      link = next;
    }
  }

  *#sameFrom(
    t: Thread,
    first: Found,
    reverseHash: number,
    match: Match,
  ): Operation<Found | undefined> {
    if (yield* match(t, first.node)) return first;
    return yield* this.find(t, first.node, reverseHash, match);
  }

  /** Leads around a removed node; who comes second leaves it to the first. */
  *#unlink(t: Thread, previous: number, link: number, next: number): Operation<void> {
    const desired = keepingBucket(link, addressOf(next));
    yield* t.compareExchange(previous + NodeOffset.next, link, desired);
  }
}

function isEntry(link: number): boolean {
  return !hasFlag(link, LinkFlag.removed | LinkFlag.bucket);
}
