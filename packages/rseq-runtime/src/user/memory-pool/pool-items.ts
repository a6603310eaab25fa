import type { Operation } from '@rseqlab/sim-machine';
import type { PoolGeometry } from './pool-geometry.js';
import type { PoolMemory } from './pool-memory.js';

const WORD_BYTES = 4;

/** What a word of an item holds, by its offset in bytes. */
export type ItemImage = (offset: number) => number;

/** A word that is not as it should be. */
export interface Difference {
  /** The CPU whose item it is in; undefined for the initial value. */
  readonly cpu: number | undefined;
  readonly address: number;
}

/** An item on all CPUs at once, and the initial value that their untouched pages show. */
export class PoolItems {
  readonly #geometry: PoolGeometry;

  constructor(geometry: PoolGeometry) {
    this.#geometry = geometry;
  }

  /** Address of an item on a CPU. */
  addressOn(item: number, cpu: number): number {
    return item + cpu * this.#geometry.strideBytes;
  }

  /**
   * Makes an item the same everywhere.
   *
   * Only what differs is stored, since a store populates the page: a CPU that never touched its page
   * gets the initial value for nothing.
   */
  *write(memory: PoolMemory, item: number, image: ItemImage): Operation<void> {
    const { slotBytes, cpus } = this.#geometry;
    for (let cpu = this.#firstArea(); cpu < cpus; cpu++) {
      const start = this.addressOn(item, cpu);
      for (let offset = 0; offset < slotBytes; offset += WORD_BYTES) {
        const word = image(offset);
        if ((yield* memory.load(start + offset)) !== word)
          yield* memory.store(start + offset, word);
      }
    }
  }

  /** The first word, in each area, that differs from an image in the bits of a mask. */
  *differences(
    memory: PoolMemory,
    item: number,
    image: ItemImage,
    mask: ItemImage,
  ): Operation<Difference[]> {
    const { slotBytes, cpus } = this.#geometry;
    const found: Difference[] = [];
    for (let cpu = this.#firstArea(); cpu < cpus; cpu++) {
      const start = this.addressOn(item, cpu);
      for (let offset = 0; offset < slotBytes; offset += WORD_BYTES) {
        const bits = mask(offset);
        if (bits === 0) continue;
        const word = yield* memory.load(start + offset);
        if (((word ^ image(offset)) & bits) === 0) continue;
        found.push({ cpu: cpu < 0 ? undefined : cpu, address: start + offset });
        break;
      }
    }
    return found;
  }

  /** The initial values lie one stride in front of CPU 0. */
  #firstArea(): number {
    return this.#geometry.hasInit ? -1 : 0;
  }
}
