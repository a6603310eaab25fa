import { RuntimeError } from '../../runtime-error.js';
import type { RangeInitializer } from './pool-memory.js';

/** Bytes between the areas of neighbouring CPUs unless a pool says otherwise. @source librseq, rseq/mempool.h (RSEQ_MEMPOOL_STRIDE) */
export const MEMORY_POOL_STRIDE = 65536;

const PAGE_BYTES = 4096;
const WORD_BYTES = 4;
const MAX_RANGES = 1024;
const DEFAULT_POISON = 0x55555555;

/** What a pool hands out, and how. */
export interface MemoryPoolOptions {
  /** Bytes of an item on one CPU, 1 to the stride; the pool rounds up to a power of two. */
  readonly itemBytes: number;
  /** Bytes from an item of one CPU to that of the next, a power of two of at least a page. */
  readonly strideBytes?: number;
  /** Ranges of one stride a CPU that the pool may map, 1 to 1024; default 16. */
  readonly maxRanges?: number;
  /**
   * What a page holds that nobody has written: `init`, what the item's initial value is, kept once
   * for all CPUs; `zero`, zeros. Default `init`.
   *
   * @source librseq, rseq/mempool.h (RSEQ_MEMPOOL_POPULATE_COW_INIT, RSEQ_MEMPOOL_POPULATE_COW_ZERO)
   */
  readonly populate?: 'init' | 'zero';
  /** Finds double frees, leaks, overruns and uses after free, at the price of looking; default false. */
  readonly robust?: boolean;
  /** The word that fills free items of a robust pool; default 0x55555555, and always 0 with `zero`. */
  readonly poison?: number;
  /** Called for each CPU's part of a new range. */
  readonly initialize?: RangeInitializer;
}

/**
 * The sizes of a pool, and what its words hold.
 *
 * A range, of `maxRanges` that the pool may map:
 *
 * | bytes                  | holds                                                     |
 * |------------------------|-----------------------------------------------------------|
 * | `headerBytes`          | for each item a word: next free item, or that it is used |
 * | stride, with `init`    | initial values, which all CPUs' pages show until written |
 * | stride, for every CPU  | the items of the CPU                                      |
 */
export class PoolGeometry {
  readonly itemBytes: number;
  readonly strideBytes: number;
  readonly maxRanges: number;
  /** CPUs that have an area: the highest possible number and one. */
  readonly cpus: number;
  /** Bytes from an item to the next: a power of two, with the red zone of a robust pool. */
  readonly slotBytes: number;
  readonly itemsPerRange: number;
  readonly headerBytes: number;
  readonly rangeBytes: number;
  readonly hasInit: boolean;
  readonly robust: boolean;
  readonly #poison: number;
  readonly #redZone: number;

  /** @throws RuntimeError `ERR_POOL` for sizes that make no pool */
  constructor(options: MemoryPoolOptions, cpus: number) {
    const { itemBytes, strideBytes = MEMORY_POOL_STRIDE, maxRanges = 16 } = options;
    const { populate = 'init', robust = false, poison = DEFAULT_POISON } = options;
    if (!isPowerOfTwo(strideBytes) || strideBytes < PAGE_BYTES)
      throw refused(`a stride of a power of two from ${PAGE_BYTES} bytes`, strideBytes);
    if (!Number.isInteger(maxRanges) || maxRanges < 1 || maxRanges > MAX_RANGES)
      throw refused(`1 to ${MAX_RANGES} ranges`, maxRanges);
    const slotBytes = slotOf(itemBytes, robust);
    if (!(Number.isInteger(itemBytes) && itemBytes >= 1 && slotBytes <= strideBytes))
      throw refused(
        `an item of 1 byte to the stride of ${strideBytes}${robust ? ', red zone included' : ''}`,
        itemBytes,
      );
    this.itemBytes = itemBytes;
    this.strideBytes = strideBytes;
    this.maxRanges = maxRanges;
    this.cpus = cpus;
    this.slotBytes = slotBytes;
    this.itemsPerRange = strideBytes / slotBytes;
    this.headerBytes = Math.ceil((this.itemsPerRange * WORD_BYTES) / PAGE_BYTES) * PAGE_BYTES;
    this.hasInit = populate === 'init';
    this.robust = robust;
    this.rangeBytes = this.headerBytes + (cpus + (this.hasInit ? 1 : 0)) * strideBytes;
    this.#poison = this.hasInit ? poison | 0 : 0;
    this.#redZone = this.hasInit ? ~poison : 0;
  }

  /** A word of a free item, red zone included; `offset` in bytes from the item. */
  poisonAt(offset: number): number {
    const red = this.redZoneMask(offset);
    return (this.#poison & ~red) | (this.#redZone & red);
  }

  /** A word of an item that holds `value` where it is the item's. */
  imageAt(offset: number, value: number): number {
    const red = this.redZoneMask(offset);
    return (value & ~red) | (this.#redZone & red);
  }

  /** The bits of a word that are behind the item, in a robust pool. */
  redZoneMask(offset: number): number {
    const own = this.itemBytes - offset;
    if (!this.robust || own >= WORD_BYTES) return 0;
    return own <= 0 ? -1 : -1 << (own * 8);
  }
}

function slotOf(itemBytes: number, robust: boolean): number {
  let slot = WORD_BYTES;
  while (slot < itemBytes + (robust ? 1 : 0)) slot *= 2;
  return slot;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}

function refused(expected: string, got: number): RuntimeError {
  return new RuntimeError('ERR_POOL', `expected ${expected}, got ${String(got)}`);
}
