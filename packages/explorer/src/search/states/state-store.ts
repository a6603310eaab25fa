import { MOST_LANES } from './state-lanes.js';

/** How states are told apart: by 64 or 128 bits of a hash, or by all their words. */
export type StateIdentity = 64 | 128 | 'whole';

/** Every {@link StateIdentity}. */
export const STATE_IDENTITIES: readonly StateIdentity[] = [64, 128, 'whole'];

/** Whether a state was reached already, or waits for more kernel events to be allowed. */
export const StateStatus = { New: 0, Waiting: 1, Reached: 2 } as const;

const INITIAL_STATES = 1 << 10;

/** Words kept of every state besides its hash. */
const FIELDS = 3;
const Field = { Parent: 0, Label: 1, Depth: 2 } as const;

/**
 * The states that a search has met, numbered from 0 on, and how it came to each.
 *
 * Open addressing over state numbers; the hash lies beside them.
 */
export class StateStore {
  /** How many states are told apart. */
  size = 0;
  readonly #lanes: number;
  readonly #isWhole: boolean;
  #hashes: Int32Array;
  #fields = new Int32Array(INITIAL_STATES * FIELDS);
  #status = new Uint8Array(INITIAL_STATES);
  /** Whole states, where they are kept; {@link #width} words each. */
  #words = new Int32Array(0);
  #width = 0;
  #table = new Int32Array(INITIAL_STATES * 4).fill(-1);

  constructor(identity: StateIdentity) {
    this.#isWhole = identity === 'whole';
    this.#lanes = identity === 128 ? MOST_LANES : 2;
    this.#hashes = new Int32Array(INITIAL_STATES * this.#lanes);
  }

  /** Words of a hash. */
  get lanes(): number {
    return this.#lanes;
  }

  /** Bytes that the states take, with room to grow. */
  get bytes(): number {
    const arrays = [this.#hashes, this.#fields, this.#status, this.#words, this.#table];
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Sets how many words a whole state has; `base` is what states met before hold in new ones. */
  widen(width: number, base: readonly number[]): void {
    if (!this.#isWhole || width <= this.#width) return;
    const wider = new Int32Array(this.#status.length * width);
    for (let state = 0; state < this.size; state++) {
      const words = this.#words.subarray(state * this.#width, (state + 1) * this.#width);
      wider.set(words, state * width);
      for (let slot = this.#width; slot < width; slot++) wider[state * width + slot] = base[slot]!;
    }
    this.#words = wider;
    this.#width = width;
  }

  /** The number of a state, or the next number, that of a new one. */
  find(hash: Int32Array, words: Int32Array): number {
    const found = this.#table[this.#placeOf(hash, words)]!;
    return found >= 0 ? found : this.size;
  }

  /** Notes a state that {@link find} did not find, or another way to one. */
  note(state: number, hash: Int32Array, words: Int32Array, status: number): void {
    if (state === this.size) {
      if (this.size === this.#status.length) this.#grow();
      this.#table[this.#placeOf(hash, words)] = state;
      this.size += 1;
      for (let lane = 0; lane < this.#lanes; lane++)
        this.#hashes[state * this.#lanes + lane] = hash[lane]!;
      if (this.#isWhole) this.#words.set(words.subarray(0, this.#width), state * this.#width);
    }
    this.#status[state] = status;
  }

  /** Notes that a state was reached. */
  reach(state: number): void {
    this.#status[state] = StateStatus.Reached;
  }

  /** A {@link StateStatus}. */
  statusOf(state: number): number {
    return state < this.size ? this.#status[state]! : StateStatus.New;
  }

  /** Writes the state's hash. */
  hashOf(state: number, into: Int32Array): void {
    for (let lane = 0; lane < this.#lanes; lane++)
      into[lane] = this.#hashes[state * this.#lanes + lane]!;
  }

  /** Says by which transition the search came to a state, from which one; -1 is the start. */
  cameFrom(state: number, parent: number, label: number): void {
    const at = state * FIELDS;
    this.#fields[at + Field.Parent] = parent;
    this.#fields[at + Field.Label] = label;
    this.#fields[at + Field.Depth] = parent < 0 ? 0 : this.depthOf(parent) + 1;
  }

  /** Transitions on the way to a state. */
  depthOf(state: number): number {
    return this.#fields[state * FIELDS + Field.Depth]!;
  }

  /** Labels of the transitions from the start to a state. */
  pathTo(state: number): number[] {
    const labels: number[] = [];
    for (let at = state; at >= 0; at = this.#fields[at * FIELDS + Field.Parent]!)
      labels.push(this.#fields[at * FIELDS + Field.Label]!);
    return labels.reverse();
  }

  #placeOf(hash: Int32Array, words: Int32Array): number {
    const mask = this.#table.length - 1;
    let place = (hash[0]! ^ (hash[1]! >>> 15)) & mask;
    for (;;) {
      const state = this.#table[place]!;
      if (state < 0 || this.#isSame(state, hash, words)) return place;
      place = (place + 1) & mask;
    }
  }

  #isSame(state: number, hash: Int32Array, words: Int32Array): boolean {
    const first = state * this.#lanes;
    for (let lane = 0; lane < this.#lanes; lane++)
      if (this.#hashes[first + lane] !== hash[lane]) return false;
    if (!this.#isWhole) return true;
    const start = state * this.#width;
    for (let slot = 0; slot < this.#width; slot++)
      if (this.#words[start + slot] !== words[slot]) return false;
    return true;
  }

  #grow(): void {
    const capacity = this.#status.length * 2;
    this.#hashes = grown(this.#hashes, capacity * this.#lanes);
    this.#fields = grown(this.#fields, capacity * FIELDS);
    if (this.#isWhole) this.#words = grown(this.#words, capacity * this.#width);
    const status = new Uint8Array(capacity);
    status.set(this.#status);
    this.#status = status;
    this.#table = new Int32Array(capacity * 4).fill(-1);
    const mask = this.#table.length - 1;
    for (let state = 0; state < this.size; state++) {
      const first = state * this.#lanes;
      let place = (this.#hashes[first]! ^ (this.#hashes[first + 1]! >>> 15)) & mask;
      while (this.#table[place]! >= 0) place = (place + 1) & mask;
      this.#table[place] = state;
    }
  }
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
