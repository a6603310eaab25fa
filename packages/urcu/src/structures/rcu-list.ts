import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../domain/rcu-token.js';

const NEXT = 0;
const PREVIOUS = 4;

/**
 * A circular, doubly linked list that is read forwards while it is changed.
 *
 * A node is two words, `next` and `prev`, wherever the caller keeps them.
 *
 * | runs beside | add, addTail, del, replace | forEach          |
 * |-------------|----------------------------|------------------|
 * | add ...     | one at a time              | yes              |
 * | forEach     | yes                        | yes              |
 *
 * Readers are in a read section. A node that was deleted or replaced keeps its `next` for the readers
 * that are at it: free it after a grace period.
 *
 * @source liburcu, include/urcu/rculist.h; linux, include/linux/rculist.h
 */
export class RcuList {
  readonly #head: number;

  private constructor(head: number) {
    this.#head = head;
  }

  /** Bytes that a node takes. */
  static readonly nodeBytes = 8;

  /** Makes an empty list. */
  static create(process: Process): RcuList {
    const head = process.allocate(RcuList.nodeBytes);
    process.write32(head + NEXT, head);
    process.write32(head + PREVIOUS, head);
    return new RcuList(head);
  }

  /** Puts a node first. */
  *add(t: Thread, node: number): Operation<void> {
    yield* this.#insert(t, node, this.#head, yield* t.load(this.#head + NEXT));
  }

  /** Puts a node last. */
  *addTail(t: Thread, node: number): Operation<void> {
    yield* this.#insert(t, node, yield* t.load(this.#head + PREVIOUS), this.#head);
  }

  /** Takes a node out that is in the list. */
  *del(t: Thread, node: number): Operation<void> {
    const next = yield* t.load(node + NEXT);
    const previous = yield* t.load(node + PREVIOUS);
    yield* t.store(next + PREVIOUS, previous);
    yield* t.storeRelease(previous + NEXT, next);
  }

  /** Puts a node in the place of another, in one step for readers. */
  *replace(t: Thread, old: number, fresh: number): Operation<void> {
    const next = yield* t.load(old + NEXT);
    const previous = yield* t.load(old + PREVIOUS);
    yield* t.store(fresh + NEXT, next);
    yield* t.store(fresh + PREVIOUS, previous);
    yield* t.storeRelease(previous + NEXT, fresh);
    yield* t.store(next + PREVIOUS, fresh);
  }

  /** Calls `visit` for every node, first to last; by a thread in a read section. */
  *forEach(
    t: Thread,
    _section: RcuToken,
    visit: (node: number) => Operation<void>,
  ): Operation<void> {
    let node = yield* t.loadAcquire(this.#head + NEXT);
    while (node !== this.#head) {
      yield* visit(node);
      node = yield* t.loadAcquire(node + NEXT);
    }
  }

  *#insert(t: Thread, node: number, previous: number, next: number): Operation<void> {
    yield* t.store(node + NEXT, next);
    yield* t.store(node + PREVIOUS, previous);
    yield* t.storeRelease(previous + NEXT, node);
    yield* t.store(next + PREVIOUS, node);
  }
}
