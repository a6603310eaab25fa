import { MachineError } from '../base/machine-error.js';
import { CacheOutcome, CROSSES_NODE } from './cache-outcome.js';

/** log2 of the bytes in a cache line. */
export const CACHE_LINE_SHIFT = 6;

/** Lines that are followed at once when nothing else is said: 4 MiB of memory. */
const DEFAULT_CAPACITY_LINES = 65536;

/** Words a line: number, version, a CPU that has it, flags. */
const STRIDE = 4;
const LINE = 0;
const VERSION = 1;
const HOLDER = 2;
const FLAGS = 3;

/** The holder's copy differs from memory. */
const DIRTY = 1;
/** Several CPUs have it; who does is in the table of copies. */
const SHARED = 2;
/** CPUs of several nodes have it. */
const SPREAD = 4;

/** Spreads consecutive numbers. @source Knuth, TAOCP 3, 6.4: 2^32 divided by the golden ratio */
const GOLDEN = 0x9e3779b1;

/** Versions in one run before the caches are emptied: two runs of them fit into an int32. */
const DEFAULT_VERSION_LIMIT = 2 ** 30;

/**
 * Who has which cache line: one coherent cache a CPU, by the MESI protocol.
 *
 * A line is *modified* or *exclusive* at one holder, or *shared*. Copies of shared lines are in a
 * table keyed by (line, CPU) and valid while they carry the line's version, which every change of
 * hands renews: so a write drops all copies in O(1), for any number of CPUs.
 *
 * Both tables are of bounded size; what collides is forgotten and is fetched again, as when a real
 * cache is full. Caches of a size of their own for each CPU are not modelled.
 *
 * @source Papamarcos and Patel, "A low-overhead coherence solution", ISCA 1984 (MESI)
 */
export class CacheLines {
  readonly #lines: Int32Array;
  readonly #copies: Int32Array;
  readonly #lineShift: number;
  readonly #copyShift: number;
  readonly #nodeOf: Int32Array;
  readonly #versionLimit: number;
  #version = 0;
  /** Invariant: what carries this version or less was there before the last reset. */
  #floor = 0;

  /**
   * @param nodeOf NUMA node of each CPU, indexed by CPU number
   * @param capacityLines a power of two, 2 to 2^22
   * @param versionLimit after how many changes of hands the caches are emptied; to be lowered in
   * tests only
   * @throws MachineError ERR_CONFIG for another capacity
   */
  constructor(
    nodeOf: Int32Array,
    capacityLines: number = DEFAULT_CAPACITY_LINES,
    versionLimit: number = DEFAULT_VERSION_LIMIT,
  ) {
    const bits = Math.log2(capacityLines);
    if (!Number.isInteger(bits) || bits < 1 || bits > 22)
      throw new MachineError(
        'ERR_CONFIG',
        `expected a power of two from 2 to 4194304 as number of cache lines, got ${capacityLines}`,
      );
    this.#nodeOf = nodeOf;
    this.#versionLimit = versionLimit;
    this.#lines = new Int32Array(capacityLines * STRIDE);
    this.#copies = new Int32Array(2 * capacityLines * 2);
    this.#lineShift = 32 - bits;
    this.#copyShift = 32 - bits - 1;
  }

  /** All caches become empty; O(1), but for one time in 2^30 changes of hands. */
  reset(): void {
    if (this.#version >= this.#versionLimit) this.#forget();
    this.#floor = this.#version;
  }

  /**
   * A CPU accesses a line.
   *
   * @param line physical address >>> 6
   * @param writes whether it has to be the only one that has it
   * @returns a {@link CacheOutcome}, plus {@link CROSSES_NODE}
   */
  access(cpu: number, line: number, writes: boolean): number {
    const lines = this.#lines;
    const slot = (Math.imul(line, GOLDEN) >>> this.#lineShift) * STRIDE;
    if (lines[slot + LINE] !== line || lines[slot + VERSION]! <= this.#floor) {
      lines[slot + LINE] = line;
      this.#own(slot, cpu, writes ? DIRTY : 0);
      return CacheOutcome.MemoryFetch;
    }
    const flags = lines[slot + FLAGS]!;
    const holder = lines[slot + HOLDER]!;
    if ((flags & SHARED) !== 0) return this.#accessShared(slot, cpu, holder, flags, writes);
    if (holder === cpu) {
      if (writes) lines[slot + FLAGS] = DIRTY;
      return CacheOutcome.Hit;
    }
    const crosses = this.#nodeOf[holder] !== this.#nodeOf[cpu];
    if (writes) this.#own(slot, cpu, DIRTY);
    else {
      lines[slot + FLAGS] = crosses ? SHARED | SPREAD : SHARED;
      this.#addCopy(slot, holder);
      this.#addCopy(slot, cpu);
    }
    const outcome = (flags & DIRTY) !== 0 ? CacheOutcome.RemoteDirty : CacheOutcome.RemoteClean;
    return crosses ? outcome + CROSSES_NODE : outcome;
  }

  #accessShared(slot: number, cpu: number, holder: number, flags: number, writes: boolean): number {
    const hasCopy = this.#hasCopy(slot, cpu);
    const isAway = this.#nodeOf[holder] !== this.#nodeOf[cpu];
    const isSpread = (flags & SPREAD) !== 0;
    if (writes) {
      this.#own(slot, cpu, DIRTY);
      const outcome = hasCopy ? CacheOutcome.Upgrade : CacheOutcome.FetchAndUpgrade;
      return isAway || isSpread ? outcome + CROSSES_NODE : outcome;
    }
    if (hasCopy) return CacheOutcome.Hit;
    this.#addCopy(slot, cpu);
    // Once spread, the own node is taken to have a copy.
    if (!isAway || isSpread) return CacheOutcome.RemoteClean;
    this.#lines[slot + FLAGS] = flags | SPREAD;
    return CacheOutcome.RemoteClean + CROSSES_NODE;
  }

  /** The CPU is the only one that has the line; copies elsewhere are of an older version. */
  #own(slot: number, cpu: number, flags: number): void {
    const lines = this.#lines;
    // Counted from the reset: whatever ran before, the same run empties them at the same place.
    if (this.#version - this.#floor === this.#versionLimit) {
      const line = lines[slot + LINE]!;
      this.#forget();
      lines[slot + LINE] = line;
    }
    lines[slot + VERSION] = ++this.#version;
    lines[slot + HOLDER] = cpu;
    lines[slot + FLAGS] = flags;
  }

  #copySlot(slot: number, cpu: number): number {
    return (Math.imul(slot + Math.imul(cpu, 0x85ebca6b), GOLDEN) >>> this.#copyShift) * 2;
  }

  #addCopy(slot: number, cpu: number): void {
    const copy = this.#copySlot(slot, cpu);
    this.#copies[copy] = this.#lines[slot + VERSION]!;
    this.#copies[copy + 1] = cpu;
  }

  #hasCopy(slot: number, cpu: number): boolean {
    const copy = this.#copySlot(slot, cpu);
    return this.#copies[copy] === this.#lines[slot + VERSION] && this.#copies[copy + 1] === cpu;
  }

  /** Starts versions again, with empty caches. */
  #forget(): void {
    this.#lines.fill(0);
    this.#copies.fill(0);
    this.#version = 0;
    this.#floor = 0;
  }
}
