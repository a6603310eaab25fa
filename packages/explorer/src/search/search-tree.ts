const INITIAL_NODES = 1 << 10;

/** The path before the first decision. */
export const ROOT = -1;

/**
 * The paths of a search: every node is a decision and the node before it.
 *
 * Paths that are still to be taken wait in a stack for each number of kernel events, so that all
 * paths with fewer events come before any path with more; among equals the newest comes first.
 */
export class SearchTree {
  #parents = new Int32Array(INITIAL_NODES);
  #decisions = new Uint32Array(INITIAL_NODES);
  #count = 0;
  #waiting: number[][] = [];
  #least = 0;

  /** Forgets all paths. */
  clear(): void {
    this.#count = 0;
    this.#waiting = [];
    this.#least = 0;
  }

  /** Adds a decision behind a node and returns the new node. */
  extend(parent: number, decision: number): number {
    if (this.#count === this.#parents.length) {
      const parents = new Int32Array(this.#count * 2);
      parents.set(this.#parents);
      this.#parents = parents;
      const decisions = new Uint32Array(this.#count * 2);
      decisions.set(this.#decisions);
      this.#decisions = decisions;
    }
    this.#parents[this.#count] = parent;
    this.#decisions[this.#count] = decision;
    return this.#count++;
  }

  /** Puts a path among those to be taken; `events` is the number of kernel events on it. */
  postpone(node: number, events: number): void {
    (this.#waiting[events] ??= []).push(node);
    if (events < this.#least) this.#least = events;
  }

  /** Takes out a path with the least number of events; undefined when none is left. */
  next(): { readonly node: number; readonly events: number } | undefined {
    for (; this.#least < this.#waiting.length; this.#least++) {
      const node = this.#waiting[this.#least]?.pop();
      if (node !== undefined) return { node, events: this.#least };
    }
    return undefined;
  }

  /** Writes the decisions of a path to `out`, first to last, and returns how many. */
  path(node: number, out: number[]): number {
    let length = 0;
    for (let at = node; at !== ROOT; at = this.#parents[at]!) length += 1;
    let index = length;
    for (let at = node; at !== ROOT; at = this.#parents[at]!) out[--index] = this.#decisions[at]!;
    return length;
  }
}
