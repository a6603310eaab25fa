import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/** Behind the last node; 0 is a node whose push is half way. */
const END = 1;

/**
 * A stack: pushing is wait-free, popping waits for pushers that are half way.
 *
 * | runs beside | push | pop           | popAll        |
 * |-------------|------|---------------|---------------|
 * | push        | yes  | yes           | yes           |
 * | pop         | yes  | one at a time | one at a time |
 * | popAll      | yes  | one at a time | yes           |
 *
 * "One at a time": the caller holds a mutex, or pops inside of read sections and frees or pushes
 * nodes again only after a grace period; else pop could meet the same node in another place (ABA).
 *
 * @source liburcu, include/urcu/static/wfstack.h
 */
export class WfStack {
  readonly #head: number;

  private constructor(head: number) {
    this.#head = head;
  }

  /** Makes an empty stack. */
  static create(process: Process): WfStack {
    const head = process.allocate(4);
    process.write32(head, END);
    return new WfStack(head);
  }

  /** Pushes a node, a word that is the stack's until it is popped. @returns whether it was not empty */
  *push(t: Thread, node: number): Operation<boolean> {
    yield* t.store(node, 0);
    const before = yield* t.exchange(this.#head, node);
    yield* t.storeRelease(node, before);
    return before !== END;
  }

  /** Pops the newest node; 0 when there is none. */
  *pop(t: Thread): Operation<number> {
    for (;;) {
      const head = yield* t.loadAcquire(this.#head);
      if (head === END) return 0;
      const next = yield* t.waitUntilNotEqual(head, 0);
      if ((yield* t.compareExchange(this.#head, head, next)) === head) return head;
    }
  }

  /** Takes all nodes; the newest, or 0. Walk them with {@link next}. */
  *popAll(t: Thread): Operation<number> {
    const head = yield* t.exchange(this.#head, END);
    return head === END ? 0 : head;
  }

  /** The node behind a node that {@link popAll} took; 0 behind the last. */
  *next(t: Thread, node: number): Operation<number> {
    const next = yield* t.waitUntilNotEqual(node, 0);
    return next === END ? 0 : next;
  }

  /** Whether the stack is empty, a moment ago. */
  *isEmpty(t: Thread): Operation<boolean> {
    return (yield* t.load(this.#head)) === END;
  }
}
