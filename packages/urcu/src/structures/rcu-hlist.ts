import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../domain/rcu-token.js';

const NEXT = 0;
const PREVIOUS = 4;

/**
 * A doubly linked list with a head of one word, for the buckets of hash tables.
 *
 * A node is two words: `next`, and `prev`, 0 for the first node.
 *
 * | runs beside   | addHead, del  | forEach |
 * |---------------|---------------|---------|
 * | addHead, del  | one at a time | yes     |
 * | forEach       | yes           | yes     |
 *
 * Readers are in a read section. A node that was deleted keeps its `next` for the readers that are at it: free
 * it after a grace period.
 *
 * @source liburcu, include/urcu/rcuhlist.h
 */
export class RcuHlist {
  readonly #head: number;

  /** A list whose head is the word at an address. */
  constructor(head: number) {
    this.#head = head;
  }

  /** Bytes that a node takes. */
  static readonly nodeBytes = 8;

  /** Makes an empty list. */
  static create(process: Process): RcuHlist {
    return new RcuHlist(process.allocate(4));
  }

  /** Puts a node first; one updater at a time. */
  *addHead(t: Thread, node: number): Operation<void> {
    const first = yield* t.load(this.#head);
    yield* t.store(node + NEXT, first);
    yield* t.store(node + PREVIOUS, 0);
    yield* t.storeRelease(this.#head, node);
    if (first !== 0) yield* t.store(first + PREVIOUS, node);
  }

  /** Takes a node out that is in the list; one updater at a time. */
  *del(t: Thread, node: number): Operation<void> {
    const next = yield* t.load(node + NEXT);
    const previous = yield* t.load(node + PREVIOUS);
    if (next !== 0) yield* t.store(next + PREVIOUS, previous);
    yield* t.storeRelease(previous === 0 ? this.#head : previous + NEXT, next);
  }

  /** Calls `visit` for every node, first to last; by a thread in a read section. */
  *forEach(
    t: Thread,
    _section: RcuToken,
    visit: (node: number) => Operation<void>,
  ): Operation<void> {
    let node = yield* t.loadAcquire(this.#head);
    while (node !== 0) {
      yield* visit(node);
      node = yield* t.loadAcquire(node + NEXT);
    }
  }
}
