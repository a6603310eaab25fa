import type { PackedPaths } from './packed-paths.js';

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

  /** Takes out a path with the least number of events; undefined when none is left with at most so many. */
  next(most?: number): { readonly node: number; readonly events: number } | undefined {
    if (!this.hasNext(most)) return undefined;
    const events = this.#least;
    return { node: this.#waiting[events]!.pop()!, events };
  }

  /** Whether a path is left with at most so many events. */
  hasNext(most?: number): boolean {
    const layers = Math.min(this.#waiting.length, (most ?? Infinity) + 1);
    while (this.#least < layers && (this.#waiting[this.#least]?.length ?? 0) === 0)
      this.#least += 1;
    return this.#least < layers;
  }

  /** Puts paths among those to be taken, into a tree that is empty. */
  load({ events, parents, words, ends }: PackedPaths): void {
    for (let i = 0; i < words.length; i++) this.extend(parents[i]!, words[i]!);
    for (const end of ends) this.postpone(end, events);
  }

  /**
   * Takes out all paths with so many events.
   *
   * @param treesFor - how many trees so many paths are dealt out to
   */
  takeOut(events: number, treesFor: (paths: number) => number): PackedPaths[] {
    const nodes = this.#waiting[events] ?? [];
    this.#waiting[events] = [];
    const trees = Math.min(nodes.length, treesFor(nodes.length));
    return Array.from({ length: trees }, (_, tree) =>
      this.#packed(
        nodes.filter((_node, i) => i % trees === tree),
        events,
      ),
    );
  }

  #packed(nodes: readonly number[], events: number): PackedPaths {
    const numbers = new Map<number, number>([[ROOT, ROOT]]);
    const kept: number[] = [];
    for (const node of nodes)
      for (let at = node; !numbers.has(at); at = this.#parents[at]!) {
        numbers.set(at, ROOT);
        kept.push(at);
      }
    kept.sort((a, b) => a - b).forEach((node, i) => numbers.set(node, i));
    return {
      events,
      parents: kept.map((node) => numbers.get(this.#parents[node]!)!),
      words: kept.map((node) => this.#decisions[node]!),
      ends: nodes.map((node) => numbers.get(node)!),
    };
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
