/** Whether a state was reached already, or waits for more kernel events to be allowed. */
export const StateStatus = { New: 0, Waiting: 1, Reached: 2 } as const;

/** So few that arrays grow before V8 takes them for constants: see docs/decisions/0084. */
const INITIAL_STATES = 1 << 3;

/** Places in the table for each state that there is room for. */
const TABLE_PLACES = 2;

/** Words kept of every state besides its key. */
const FIELDS = 3;
const Field = { Parent: 0, Label: 1, Depth: 2 } as const;

/**
 * The states that a search has met, numbered from 0 on, and how it came to each.
 *
 * Open addressing; a place of the table holds a key and, twice the number of its state, plus 1 while it
 * may be waiting, plus 1: whether a state is reached is told where it is found.
 */
export class StateStore {
  /** How many states are told apart. */
  size = 0;
  /** Words of a key. */
  readonly #lanes: number;
  #fields = new Int32Array(INITIAL_STATES * FIELDS);
  #status = new Uint8Array(INITIAL_STATES);
  #table: Int32Array;
  #mask = INITIAL_STATES * TABLE_PLACES - 1;

  /** Where {@link find} looked last. */
  #place = 0;

  /** @param lanes words of a key */
  constructor(lanes: number) {
    this.#lanes = lanes;
    this.#table = new Int32Array((this.#mask + 1) * (lanes + 1));
  }

  /** Forgets all states; there stays room for as many. */
  begin(): void {
    this.size = 0;
    this.#table.fill(0);
  }

  /** Bytes that the states take, with room to grow. */
  get bytes(): number {
    return this.#fields.byteLength + this.#status.byteLength + this.#table.byteLength;
  }

  /** The number of the state with a key, or the next number, that of a new one. */
  find(key: Int32Array): number {
    const table = this.#table;
    this.#place = this.#placeOf(table, key, 0);
    const found = table[this.#place + this.#lanes]!;
    return found > 0 ? (found - 1) >>> 1 : this.size;
  }

  /** A {@link StateStatus} of the state that was looked for last. */
  get foundStatus(): number {
    const at = this.#place + this.#lanes;
    const found = this.#table[at]!;
    if (found === 0) return StateStatus.New;
    if ((found & 1) === 1) return StateStatus.Reached;
    const status = this.#status[(found - 1) >>> 1]!;
    if (status === StateStatus.Reached) this.#table[at] = found - 1;
    return status;
  }

  /**
   * Takes the state in that {@link find} did not find the last time; returns its number.
   *
   * @param status a {@link StateStatus}
   */
  add(key: Int32Array, status: number): number {
    if (this.size === this.#status.length) {
      this.#grow();
      this.#place = this.#placeOf(this.#table, key, 0);
    }
    const mayWait = status === StateStatus.Waiting ? 1 : 0;
    this.#put(this.#table, this.#place, key, 0, this.size * 2 + mayWait + 1);
    this.#status[this.size] = status;
    return this.size++;
  }

  /** Notes what is known of a state: a {@link StateStatus}. */
  note(state: number, status: number): void {
    this.#status[state] = status;
  }

  /** A {@link StateStatus}. */
  statusOf(state: number): number {
    return state < this.size ? this.#status[state]! : StateStatus.New;
  }

  /** Says by which transition the search came to a state, from which one; -1 is the start. */
  cameFrom(state: number, parent: number, label: number): void {
    const fields = this.#fields;
    const at = state * FIELDS;
    fields[at + Field.Parent] = parent;
    fields[at + Field.Label] = label;
    fields[at + Field.Depth] = parent < 0 ? 0 : fields[parent * FIELDS + Field.Depth]! + 1;
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

  /** Where in a table a key is, or belongs, that starts at `from` of some words. */
  #placeOf(table: Int32Array, words: Int32Array, from: number): number {
    const lanes = this.#lanes;
    let hash = words[from]!;
    for (let lane = 1; lane < lanes; lane++)
      hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) ^ words[from + lane]!;
    hash ^= hash >>> 16;
    for (;;) {
      const place = (hash & this.#mask) * (lanes + 1);
      if (table[place + lanes] === 0) return place;
      let lane = 0;
      while (lane < lanes && table[place + lane] === words[from + lane]) lane += 1;
      if (lane === lanes) return place;
      hash += 1;
    }
  }

  #put(table: Int32Array, place: number, words: Int32Array, from: number, entry: number): void {
    const lanes = this.#lanes;
    for (let lane = 0; lane < lanes; lane++) table[place + lane] = words[from + lane]!;
    table[place + lanes] = entry;
  }

  #grow(): void {
    const old = this.#table;
    const status = new Uint8Array(this.#status.length * 2);
    status.set(this.#status);
    this.#status = status;
    const fields = new Int32Array(this.#fields.length * 2);
    fields.set(this.#fields);
    this.#fields = fields;
    this.#mask = this.#mask * 2 + 1;
    const table = (this.#table = new Int32Array(old.length * 2));
    const stride = this.#lanes + 1;
    for (let at = 0; at < old.length; at += stride) {
      const entry = old[at + this.#lanes]!;
      if (entry !== 0) this.#put(table, this.#placeOf(table, old, at), old, at, entry);
    }
  }
}
