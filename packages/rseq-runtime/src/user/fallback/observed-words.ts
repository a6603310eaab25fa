import type { LoadedValue } from './symbolic-value.js';
import type { VectorWriter } from './vector-writer.js';

/**
 * What the caller has found in memory before the vector is carried out. The vector compares each
 * such word where the section loads it: from there on its value is known.
 */
export class ObservedWords {
  /** What cpu_opv returns when a word has changed. */
  readonly changed: Set<number> = new Set<number>();
  readonly #words: ReadonlyMap<number, number>;
  readonly #compared = new Set<number>();

  constructor(words: ReadonlyMap<number, number> = new Map<number, number>()) {
    this.#words = words;
  }

  /**
   * The number that a load gives, if that was observed.
   *
   * @param writer where the comparison goes; undefined in a run that may have no effects, where
   *   nothing can be compared
   */
  valueOf(loaded: LoadedValue, writer: VectorWriter | undefined): number | undefined {
    const { address, size } = loaded;
    const value = size === 4 ? this.#words.get(address) : undefined;
    if (value === undefined || writer === undefined) return undefined;
    if (this.#compared.has(address)) return value;
    writer.compare('COMPARE_EQ', loaded, value);
    // Addresses that follow from it may be those of memory that is no longer there.
    writer.expectFaults();
    this.#compared.add(address);
    this.changed.add(writer.ops.length);
    return value;
  }
}
