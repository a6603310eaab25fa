const FIELDS = 3;
const Field = { From: 0, To: 1, Label: 2 } as const;
const INITIAL_EDGES = 1 << 10;

/** States from which nothing ends, with one of them and a way around. */
export interface EndlessPart {
  /** A state from which no end can be reached. */
  readonly state: number;
  /** How many such states there are. */
  readonly count: number;
  /** Labels of transitions from that state into a loop and once around it. */
  readonly lap: readonly number[];
}

/**
 * Finds livelocks: states from which no transition, and no kernel event, ever leads to an end.
 *
 * That is the strictest notion of one: it does not depend on what is assumed to be fair, since there is
 * no way out that fairness could lead to.
 */
export class EndlessStates {
  #edges = new Int32Array(INITIAL_EDGES * FIELDS);
  #count = 0;
  readonly #left: number[] = [];

  /** Bytes that the edges take. */
  get bytes(): number {
    return this.#edges.byteLength;
  }

  /** Notes a transition. */
  edge(from: number, to: number, label: number): void {
    const at = this.#count++ * FIELDS;
    if (at === this.#edges.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.#edges);
      this.#edges = larger;
    }
    this.#edges[at + Field.From] = from;
    this.#edges[at + Field.To] = to;
    this.#edges[at + Field.Label] = label;
  }

  /** Notes that a run ends in a state, or that not every way on from it was taken. */
  leave(state: number): void {
    this.#left.push(state);
  }

  /** The states that no end is reached from, of `states`; undefined when there are none. */
  find(states: number): EndlessPart | undefined {
    const isLeft = this.#leading(states);
    const count = states - isLeft.reduce((sum, left) => sum + left, 0);
    if (count === 0) return undefined;
    const state = isLeft.indexOf(0);
    return { state, count, lap: this.#lap(state) };
  }

  /** 1 for every state that leads to one that is left. */
  #leading(states: number): Uint8Array {
    const { starts, sources } = this.#backwards(states);
    const isLeft = new Uint8Array(states);
    const open = [...this.#left];
    for (const state of open) isLeft[state] = 1;
    for (let state = open.pop(); state !== undefined; state = open.pop())
      for (let at = starts[state]!; at < starts[state + 1]!; at++) {
        const source = sources[at]!;
        if (isLeft[source] === 1) continue;
        isLeft[source] = 1;
        open.push(source);
      }
    return isLeft;
  }

  /** Sources of the edges into each state, state by state. */
  #backwards(states: number): { readonly starts: Int32Array; readonly sources: Int32Array } {
    const edges = this.#edges;
    const end = this.#count * FIELDS;
    const starts = new Int32Array(states + 2);
    for (let at = 0; at < end; at += FIELDS) starts[edges[at + Field.To]! + 2]! += 1;
    for (let state = 1; state < starts.length; state++) starts[state]! += starts[state - 1]!;
    const sources = new Int32Array(this.#count);
    for (let at = 0; at < end; at += FIELDS)
      sources[starts[edges[at + Field.To]! + 1]!++] = edges[at + Field.From]!;
    return { starts, sources };
  }

  /** Goes on from a state by the first transition of each until one comes again. */
  #lap(from: number): number[] {
    const first = new Map<number, number>();
    for (let at = 0; at < this.#count * FIELDS; at += FIELDS) {
      const source = this.#edges[at + Field.From]!;
      if (!first.has(source)) first.set(source, at);
    }
    const labels: number[] = [];
    const seen = new Set<number>();
    for (let state = from; !seen.has(state);) {
      seen.add(state);
      const at = first.get(state)!;
      labels.push(this.#edges[at + Field.Label]!);
      state = this.#edges[at + Field.To]!;
    }
    return labels;
  }
}
