import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/**
 * A stack without locks: each operation may have to try again, but some thread always gets on.
 *
 * | runs beside | push | pop                | popAll             |
 * |-------------|------|--------------------|--------------------|
 * | push        | yes  | yes                | yes                |
 * | pop         | yes  | in read sections   | in read sections   |
 * | popAll      | yes  | in read sections   | yes                |
 *
 * "In read sections": pop in a read section, and free or push a popped node again only after a grace
 * period; or hold a mutex around pop and popAll. Else a pop that was interrupted between its loads and
 * its compare may meet the same node with another successor (ABA).
 *
 * @source liburcu, include/urcu/static/lfstack.h
 */
export class LfStack {
  readonly #head: number;

  private constructor(head: number) {
    this.#head = head;
  }

  /** Makes an empty stack. */
  static create(process: Process): LfStack {
    return new LfStack(process.allocate(4));
  }

  /** Pushes a node from outside; before the threads start. */
  prepend(process: Process, node: number): void {
    process.write32(node, process.read32(this.#head));
    process.write32(this.#head, node);
  }

  /** Pushes a node, a word that is the stack's until it is popped. @returns whether it was not empty */
  *push(t: Thread, node: number): Operation<boolean> {
    let head = yield* t.load(this.#head);
    for (;;) {
      yield* t.store(node, head);
      const found = yield* t.compareExchange(this.#head, head, node);
      if (found === head) return head !== 0;
      head = found;
    }
  }

  /** Pops the newest node; 0 when there is none. */
  *pop(t: Thread): Operation<number> {
    for (;;) {
      const head = yield* t.loadAcquire(this.#head);
      if (head === 0) return 0;
      const next = yield* t.load(head);
      if ((yield* t.compareExchange(this.#head, head, next)) === head) return head;
    }
  }

  /** Takes all nodes; the newest, or 0. Each holds the next, 0 behind the last. */
  popAll(t: Thread): Operation<number> {
    return t.exchange(this.#head, 0);
  }

  /** Whether the stack is empty, a moment ago. */
  *isEmpty(t: Thread): Operation<boolean> {
    return (yield* t.load(this.#head)) === 0;
  }
}
