const LEAF_SHIFT = 10;
const LEAF_ENTRIES = 1024;
const LEAF_MASK = 1023;
/** Ends a chain; 0 says that a slot is in none. */
const END = -1;

/**
 * All page tables of a machine: two levels of 1024 entries, in pools.
 *
 * Leaf 0 is empty for ever and stands for every missing one, so that a look-up has no branch.
 * Every entry that was ever set is in a chain of its table, so that walking, copying and clearing a
 * table cost what it holds, not what it could hold.
 *
 * A *slot* is the place of an entry in the pool; it stays the same until the table is cleared.
 */
export class PageTables {
  #directories = new Int32Array(0);
  #entries = new Int32Array(LEAF_ENTRIES);
  /** Per slot: the next slot of the chain, END at its end, 0 when the slot is in no chain. */
  #links = new Int32Array(LEAF_ENTRIES);
  /** Per leaf: where its directory entry is. */
  #owners = new Int32Array(1);
  /** Per table: the first slot of its chain, or END. */
  #heads = new Int32Array(0);
  readonly #freeLeaves: number[] = [];
  #leaves = 1;
  #tables = 0;

  /** Adds an empty table and returns its handle; tables are never taken back, but cleared. */
  create(): number {
    const table = this.#tables++;
    if (this.#heads.length < this.#tables) {
      const capacity = Math.max(4, this.#tables * 2);
      this.#heads = grown(this.#heads, capacity);
      this.#directories = grown(this.#directories, capacity * LEAF_ENTRIES);
    }
    this.#heads[table] = END;
    return table;
  }

  /** The entry of a page (0 to 2^20 - 1), 0 when none was set. */
  get(table: number, page: number): number {
    const leaf = this.#directories[(table << LEAF_SHIFT) | (page >>> LEAF_SHIFT)]!;
    return this.#entries[(leaf << LEAF_SHIFT) | (page & LEAF_MASK)]!;
  }

  /** Sets the entry of a page. */
  set(table: number, page: number, entry: number): void {
    const place = (table << LEAF_SHIFT) | (page >>> LEAF_SHIFT);
    let leaf = this.#directories[place]!;
    if (leaf === 0) {
      if (entry === 0) return;
      leaf = this.#takeLeaf(place);
    }
    const slot = (leaf << LEAF_SHIFT) | (page & LEAF_MASK);
    this.#entries[slot] = entry;
    if (this.#links[slot] === 0) {
      this.#links[slot] = this.#heads[table]!;
      this.#heads[table] = slot;
    }
  }

  /** The first page, from `page` to below `end`, that may have an entry; `end` when there is none. */
  nextCandidate(table: number, page: number, end: number): number {
    let candidate = page;
    while (candidate < end) {
      if (this.#directories[(table << LEAF_SHIFT) | (candidate >>> LEAF_SHIFT)] !== 0)
        return candidate;
      candidate = ((candidate >>> LEAF_SHIFT) + 1) << LEAF_SHIFT;
    }
    return end;
  }

  /** The first slot of a table's chain; negative when the chain is empty. */
  firstSlot(table: number): number {
    return this.#heads[table]!;
  }

  /** The slot behind another; negative at the end. */
  nextSlot(slot: number): number {
    return this.#links[slot]!;
  }

  /** The page that a slot is the entry of. */
  slotPage(slot: number): number {
    const place = this.#owners[slot >>> LEAF_SHIFT]!;
    return ((place & LEAF_MASK) << LEAF_SHIFT) | (slot & LEAF_MASK);
  }

  /** The entry in a slot. */
  slotEntry(slot: number): number {
    return this.#entries[slot]!;
  }

  /** Changes the entry in a slot. */
  setSlotEntry(slot: number, entry: number): void {
    this.#entries[slot] = entry;
  }

  /** Empties a table, in O(entries that were ever set). */
  clear(table: number): void {
    let slot = this.#heads[table]!;
    this.#heads[table] = END;
    while (slot >= 0) {
      const next = this.#links[slot]!;
      this.#entries[slot] = 0;
      this.#links[slot] = 0;
      const leaf = slot >>> LEAF_SHIFT;
      const place = this.#owners[leaf]!;
      if (this.#directories[place] === leaf) {
        this.#directories[place] = 0;
        this.#freeLeaves.push(leaf);
      }
      slot = next;
    }
  }

  #takeLeaf(place: number): number {
    const leaf = this.#freeLeaves.pop() ?? this.#newLeaf();
    this.#directories[place] = leaf;
    this.#owners[leaf] = place;
    return leaf;
  }

  #newLeaf(): number {
    const leaf = this.#leaves++;
    if (this.#owners.length < this.#leaves) {
      const capacity = this.#leaves * 2;
      this.#owners = grown(this.#owners, capacity);
      this.#entries = grown(this.#entries, capacity * LEAF_ENTRIES);
      this.#links = grown(this.#links, capacity * LEAF_ENTRIES);
    }
    return leaf;
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
