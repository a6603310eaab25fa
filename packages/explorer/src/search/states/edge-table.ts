/** So few that entries grow before V8 takes them for constants: see docs/decisions/0084. */
const INITIAL_CAPACITY = 1 << 3;

/** Words of a place, of which one stays empty, so that none lies in two cache lines. */
const STRIDE_BITS = 2;
const STRIDE = 1 << STRIDE_BITS;

/** A map from pairs of integers, of which the first is 0 or more, to integers that are 0 or more. */
export class EdgeTable {
  /** (from + 1, value, to), for {@link edgeOf}; 0 stands for an empty place. Grows: nobody may keep it. */
  entries: Int32Array = new Int32Array(INITIAL_CAPACITY * STRIDE);
  #size = 0;

  /** Where the pair leads, or -1. */
  find(from: number, value: number): number {
    return edgeOf(this.entries, from, value);
  }

  /** Lets a pair that is not there yet lead somewhere. */
  add(from: number, value: number, to: number): void {
    if (++this.#size * 2 * STRIDE > this.entries.length) this.#grow();
    put(this.entries, from, value, to);
  }

  #grow(): void {
    const old = this.entries;
    this.entries = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += STRIDE)
      if (old[at] !== 0) put(this.entries, old[at]! - 1, old[at + 1]!, old[at + 2]!);
  }
}

/** Where a pair leads by the entries of an {@link EdgeTable}, or -1. */
export function edgeOf(entries: Int32Array, from: number, value: number): number {
  const at = placeOf(entries, from, value);
  return entries[at] === 0 ? -1 : entries[at + 2]!;
}

function put(entries: Int32Array, from: number, value: number, to: number): void {
  const at = placeOf(entries, from, value);
  entries[at] = from + 1;
  entries[at + 1] = value;
  entries[at + 2] = to;
}

function placeOf(entries: Int32Array, from: number, value: number): number {
  const mask = entries.length - STRIDE;
  const owner = from + 1;
  const hash = Math.imul(from, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
  let at = ((hash ^ (hash >>> 15)) << STRIDE_BITS) & mask;
  for (;;) {
    if (entries[at] === 0 || (entries[at] === owner && entries[at + 1] === value)) return at;
    at = (at + STRIDE) & mask;
  }
}
