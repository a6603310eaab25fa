interface Store {
  readonly cpu: number;
  readonly physical: number;
  readonly size: number;
}

/** Stores that are still in the buffers of their CPUs, oldest first. */
export class UnseenStores {
  readonly #stores: Store[] = [];

  /** Forgets all. */
  clear(): void {
    this.#stores.length = 0;
  }

  /** A CPU has stored into its buffer. */
  add(cpu: number, physical: number, size: number): void {
    this.#stores.push({ cpu, physical, size });
  }

  /** The oldest such store of a CPU has reached memory. */
  remove(cpu: number, physical: number, size: number): void {
    const at = this.#stores.findIndex(
      (store) => store.cpu === cpu && store.physical === physical && store.size === size,
    );
    if (at >= 0) this.#stores.splice(at, 1);
  }

  /** Whether a CPU has one to any of the bytes. */
  has(cpu: number, physical: number, size: number): boolean {
    return this.#stores.some(
      (store) =>
        store.cpu === cpu &&
        store.physical < physical + size &&
        physical < store.physical + store.size,
    );
  }
}
