/** Memory of the states that several threads search together; it is handed to all of them. */
export interface StoreMemory {
  /** Where states are looked up. */
  readonly places: SharedArrayBuffer;
  /** What is kept of every state. */
  readonly fields: SharedArrayBuffer;
}

/** What came of a meeting with a state. */
export const Meeting = {
  /** It was known. */
  Known: 0,
  /** It is new. */
  New: 1,
  /** It had waited for more kernel events, and is reached without. */
  Reached: 2,
} as const;

/** Words kept of every state: how the search came to it, and what is known of it. */
const FIELDS = 3;
const Field = { Parent: 0, Label: 1, Facts: 2 } as const;

/** Bits of the facts: whether it waits, whether it is left, whether there is such a state; above, its depth. */
const WAITS = 1;
const IS_LEFT = 2;
const IS_STATE = 4;
const DEPTH_SHIFT = 3;

/** The first number of a state; what is before that is how many numbers are given out, and nothing. */
const FIRST = 1;

/** Numbers that a thread takes at a time, so that threads seldom come to the same word for them. */
const BLOCK = 256;

const INITIAL_STATES = 1 << 16;

/** Numbers that stay free for what comes up before somebody looks, of as many threads as there can be. */
const SPARE_STATES = 1 << 15;

/** Places that are handed out at a time. */
const CHUNK_PLACES = 1 << 14;

/** Places for each state that there is room for. */
const TABLE_PLACES = 2;

/** Stands for the parent of the start. */
const NOBODY = 0;

/**
 * The states that several threads have met, numbered from 1 on, and how they came to each.
 *
 * Open addressing: a place holds a key, whose first word is never 0, and twice the number of its state, plus 1 while
 * the state may be waiting. Whoever puts the first word of a key there, by compare-and-exchange, writes the rest,
 * and the number last.
 *
 * Invariant: the places where a key can be are looked at in one order, and none becomes free: all who look for it
 * come to the same one. A state's parent was there before, and does not change: so every path leads to the start.
 */
export class SharedStore {
  /** The state that was met last. */
  state: number = NOBODY;
  readonly #lanes: number;
  #places: Int32Array;
  #fields: Int32Array;
  #mask: number;
  /** Numbers of this thread's block. */
  #next = 0;
  #end = 0;

  /**
   * @param lanes words of a key
   * @param memory of {@link SharedStore.memory}
   */
  constructor(lanes: number, { places, fields }: StoreMemory) {
    this.#lanes = lanes;
    this.#places = new Int32Array(places);
    this.#fields = new Int32Array(fields);
    this.#mask = this.#places.length / (lanes + 1) - 1;
  }

  /** Goes on in a larger copy of the memory. */
  moveTo({ places, fields }: StoreMemory): void {
    if (this.#places.buffer === places) return;
    this.#places = new Int32Array(places);
    this.#fields = new Int32Array(fields);
    this.#mask = this.#places.length / (this.#lanes + 1) - 1;
  }

  /** Memory for so many states, a power of two. */
  static memory(lanes: number, states: number = INITIAL_STATES): StoreMemory {
    const bytes = Int32Array.BYTES_PER_ELEMENT;
    const places = new SharedArrayBuffer(states * TABLE_PLACES * (lanes + 1) * bytes);
    const fields = new SharedArrayBuffer((states + FIRST) * FIELDS * bytes);
    new Int32Array(fields)[0] = FIRST;
    return { places, fields };
  }

  /** A copy with room for so many states; nobody may come to any meanwhile. */
  static grown(lanes: number, memory: StoreMemory, states: number): StoreMemory {
    const larger = SharedStore.memory(lanes, states);
    const store = new SharedStore(lanes, larger);
    store.#fields.set(new Int32Array(memory.fields));
    for (const taken of new SharedStore(lanes, memory).takenPlaces()) store.putAll(taken);
    return larger;
  }

  /** Numbers that were given out, and some that were not: no state has a higher one. */
  get numbers(): number {
    return Atomics.load(this.#fields, 0);
  }

  /** How many states there is room for. */
  get capacity(): number {
    return this.#fields.length / FIELDS - FIRST;
  }

  /** Whether there is little room left. */
  get isNearlyFull(): boolean {
    return this.numbers + SPARE_STATES > this.capacity;
  }

  /** What is kept of all states, to be kept; nobody may come to any meanwhile. */
  get used(): Int32Array {
    return this.#fields.subarray(0, this.numbers * FIELDS);
  }

  /** The words of all places that are taken, one behind the other, in chunks that last until the next. */
  *takenPlaces(): Generator<Int32Array> {
    const places = this.#places;
    const stride = this.#lanes + 1;
    const chunk = new Int32Array(CHUNK_PLACES * stride);
    let length = 0;
    for (let at = 0; at < places.length; at += stride) {
      if (places[at] === 0) continue;
      for (let i = 0; i < stride; i++) chunk[length++] = places[at + i]!;
      if (length < chunk.length) continue;
      yield chunk;
      length = 0;
    }
    if (length > 0) yield chunk.subarray(0, length);
  }

  /** Puts places of another table into this one, before anybody looks for anything. */
  putAll(taken: Int32Array): void {
    for (let at = 0; at < taken.length; at += this.#lanes + 1) this.#put(taken, at);
  }

  /**
   * Comes to the state with a key; {@link state} is its number.
   *
   * @param waits whether it would wait for one more kernel event
   * @param parent the state from which, by which transition; {@link NOBODY} at the start
   * @returns a {@link Meeting}
   * @throws RangeError where there is no room left, see {@link isNearlyFull}
   */
  meet(key: Int32Array, waits: boolean, parent: number, label: number): number {
    const places = this.#places;
    const lanes = this.#lanes;
    if (key[0] === 0) key[0] = 1;
    const first = key[0]!;
    let place = hashOf(key, 0, lanes);
    for (;;) {
      const at = (place & this.#mask) * (lanes + 1);
      let found = Atomics.load(places, at);
      if (found === 0) {
        found = Atomics.compareExchange(places, at, 0, first);
        if (found === 0) return this.#add(at, key, waits, parent, label);
      }
      if (found === first) {
        let entry = Atomics.load(places, at + lanes);
        while (entry === 0) entry = Atomics.load(places, at + lanes);
        if (this.#isAt(at, key)) return this.#come(at + lanes, entry, waits);
      }
      place += 1;
    }
  }

  /** Reaches a state that waited; false where it was reached since. */
  reach(state: number): boolean {
    const at = state * FIELDS + Field.Facts;
    return (Atomics.and(this.#fields, at, ~WAITS) & WAITS) !== 0;
  }

  /** Notes that a run ends in a state, or that not every way on from it was taken. */
  leave(state: number): void {
    Atomics.or(this.#fields, state * FIELDS + Field.Facts, IS_LEFT);
  }

  /** Transitions on the way to a state. */
  depthOf(state: number): number {
    return state === NOBODY ? -1 : this.#fields[state * FIELDS + Field.Facts]! >>> DEPTH_SHIFT;
  }

  /** Whether there is a state with a number of which it is not known that it is left. */
  isUnsettled(state: number): boolean {
    return (this.#fields[state * FIELDS + Field.Facts]! & (IS_STATE | IS_LEFT)) === IS_STATE;
  }

  /** Labels of the transitions from the start to a state. */
  pathTo(state: number): number[] {
    const labels: number[] = [];
    for (let at = state; at !== NOBODY; at = this.#fields[at * FIELDS + Field.Parent]!)
      labels.push(this.#fields[at * FIELDS + Field.Label]!);
    return labels.reverse();
  }

  #put(words: Int32Array, from: number): void {
    const places = this.#places;
    const stride = this.#lanes + 1;
    let place = hashOf(words, from, this.#lanes) & this.#mask;
    while (places[place * stride] !== 0) place = (place + 1) & this.#mask;
    for (let i = 0; i < stride; i++) places[place * stride + i] = words[from + i]!;
  }

  #isAt(at: number, key: Int32Array): boolean {
    for (let lane = 1; lane < this.#lanes; lane++)
      if (this.#places[at + lane] !== key[lane]) return false;
    return true;
  }

  #add(at: number, key: Int32Array, waits: boolean, parent: number, label: number): number {
    const places = this.#places;
    const fields = this.#fields;
    if (this.#next === this.#end) {
      this.#next = Atomics.add(fields, 0, BLOCK);
      this.#end = this.#next + BLOCK;
      if (this.#end > this.capacity) throw new RangeError('there is no room for more states');
    }
    const state = (this.state = this.#next++);
    const depth = this.depthOf(parent) + 1;
    fields[state * FIELDS + Field.Parent] = parent;
    fields[state * FIELDS + Field.Label] = label;
    fields[state * FIELDS + Field.Facts] = (depth << DEPTH_SHIFT) | IS_STATE | (waits ? WAITS : 0);
    for (let lane = 1; lane < this.#lanes; lane++) places[at + lane] = key[lane]!;
    Atomics.store(places, at + this.#lanes, state * 2 + (waits ? 1 : 0));
    return Meeting.New;
  }

  #come(at: number, entry: number, waits: boolean): number {
    this.state = entry >>> 1;
    if ((entry & 1) === 0 || waits) return Meeting.Known;
    const isFirst = this.reach(this.state);
    Atomics.store(this.#places, at, entry - 1);
    return isFirst ? Meeting.Reached : Meeting.Known;
  }
}

function hashOf(words: Int32Array, from: number, lanes: number): number {
  let hash = words[from]!;
  for (let lane = 1; lane < lanes; lane++)
    hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) ^ words[from + lane]!;
  return hash ^ (hash >>> 16);
}
