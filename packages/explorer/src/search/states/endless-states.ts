import { reachBackwards } from './backward-reach.js';
import type { TurnedTransitions } from './backward-reach.js';

const FIELDS = 2;
const Field = { To: 0, Label: 1 } as const;

/** Transitions of a piece of the list of them: a power of two. */
const PIECE_BITS = 14;
const PIECE_EDGES = 1 << PIECE_BITS;

/** So few that arrays grow before V8 takes them for constants: see docs/decisions/0084. */
const INITIAL_STATES = 1 << 3;

/** Sweeps through all states after which what is left to find is found backwards. */
const MOST_SWEEPS = 8;

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
  /** Transitions in the order in which they are noted, {@link FIELDS} words each. */
  readonly #pieces: Int32Array<ArrayBuffer>[] = [];
  #piece = new Int32Array(0);
  #count = 0;
  /** Where the transitions of a state start: the state, and the first of them. */
  #starts = new Int32Array(INITIAL_STATES * 2);
  #states = 0;
  /** The state whose transitions are noted. */
  #from = -1;
  /** 1 for every state that is known to lead to an end. */
  #left = new Uint8Array(INITIAL_STATES);

  /** Bytes that the edges take. */
  get bytes(): number {
    const { length } = this.#pieces;
    return (length * PIECE_EDGES * FIELDS + this.#starts.length) * 4 + this.#left.length;
  }

  /** Forgets all transitions and states; there stays room for as many. */
  begin(): void {
    this.#count = 0;
    this.#states = 0;
    this.#from = -1;
    this.#left.fill(0);
  }

  /** Notes a transition; those of a state come one after the other. */
  edge(from: number, to: number, label: number): void {
    if (from !== this.#from) this.#begin(from);
    const at = (this.#count & (PIECE_EDGES - 1)) * FIELDS;
    if (at === 0) this.#piece = this.#nextPiece();
    this.#piece[at + Field.To] = to;
    this.#piece[at + Field.Label] = label;
    this.#count += 1;
  }

  #nextPiece(): Int32Array<ArrayBuffer> {
    const known = this.#pieces[this.#count >>> PIECE_BITS];
    if (known !== undefined) return known;
    const piece = new Int32Array(PIECE_EDGES * FIELDS);
    this.#pieces.push(piece);
    return piece;
  }

  #begin(from: number): void {
    if (this.#states * 2 === this.#starts.length) {
      const larger = new Int32Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#states * 2] = from;
    this.#starts[this.#states * 2 + 1] = this.#count;
    this.#states += 1;
    this.#from = from;
  }

  /** Notes that a run ends in a state, or that not every way on from it was taken. */
  leave(state: number): void {
    this.#makeRoom(state + 1);
    this.#left[state] = 1;
  }

  /** The states that no end is reached from, of `states`; undefined when there are none. */
  find(states: number): EndlessPart | undefined {
    this.#makeRoom(states);
    for (let sweep = 0; this.#sweep(); sweep++)
      if (sweep === MOST_SWEEPS) {
        reachBackwards(this.#left, this.#backwards(states));
        break;
      }
    const isLeft = this.#left;
    let count = 0;
    for (let state = 0; state < states; state++) if (isLeft[state] === 0) count += 1;
    if (count === 0) return undefined;
    const state = isLeft.indexOf(0);
    return { state, count, lap: this.#lap(state) };
  }

  #makeRoom(states: number): void {
    if (states <= this.#left.length) return;
    const larger = new Uint8Array(states * 2);
    larger.set(this.#left);
    this.#left = larger;
  }

  /**
   * Looks for states that lead to one that is left, the last first: most of what a state leads to comes
   * after it. Whether there was any.
   */
  #sweep(): boolean {
    const isLeft = this.#left;
    let isChanged = false;
    let end = this.#count;
    for (let i = this.#states - 1; i >= 0; i--) {
      const state = this.#starts[i * 2]!;
      const start = this.#starts[i * 2 + 1]!;
      for (let edge = start; edge < end && isLeft[state] === 0; edge++) {
        if (isLeft[this.#field(edge, Field.To)] === 0) continue;
        isLeft[state] = 1;
        isChanged = true;
      }
      end = start;
    }
    return isChanged;
  }

  /** Sources of the edges into each state, state by state. */
  #backwards(states: number): TurnedTransitions {
    const starts = new Int32Array(states + 2);
    for (let edge = 0; edge < this.#count; edge++) starts[this.#field(edge, Field.To) + 2]! += 1;
    for (let state = 1; state < starts.length; state++) starts[state]! += starts[state - 1]!;
    const sources = new Int32Array(this.#count);
    for (let i = 0; i < this.#states; i++) {
      const end = i + 1 < this.#states ? this.#starts[i * 2 + 3]! : this.#count;
      for (let edge = this.#starts[i * 2 + 1]!; edge < end; edge++)
        sources[starts[this.#field(edge, Field.To) + 1]!++] = this.#starts[i * 2]!;
    }
    return { starts, sources };
  }

  /** Goes on from a state by the first transition of each until one comes again. */
  #lap(from: number): number[] {
    const first = new Map<number, number>();
    for (let i = 0; i < this.#states; i++)
      if (!first.has(this.#starts[i * 2]!))
        first.set(this.#starts[i * 2]!, this.#starts[i * 2 + 1]!);
    const labels: number[] = [];
    const seen = new Set<number>();
    for (let state = from; !seen.has(state);) {
      seen.add(state);
      const edge = first.get(state)!;
      labels.push(this.#field(edge, Field.Label));
      state = this.#field(edge, Field.To);
    }
    return labels;
  }

  #field(edge: number, field: number): number {
    const at = (edge & (PIECE_EDGES - 1)) * FIELDS;
    return this.#pieces[edge >>> PIECE_BITS]![at + field]!;
  }
}
