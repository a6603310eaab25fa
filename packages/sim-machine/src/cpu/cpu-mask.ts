import { MachineError } from '../base/machine-error.js';

/** CPU numbers are below this. */
export const MAX_CPUS = 4096;

const WORD_BITS = 32;

/**
 * A set of CPUs as a bitmap, in the word order of the kernel's `cpumask`.
 *
 * The words may be a column of the machine's state, so a mask can be part of what is reset and
 * fingerprinted. Masks of different length work together: absent words are 0.
 */
export class CpuMask implements Iterable<number> {
  readonly #words: Int32Array;

  private constructor(words: Int32Array) {
    this.#words = words;
  }

  /**
   * A mask kept in words that somebody else owns; CPU n is bit n % 32 of word n / 32.
   *
   * @param words at least one word for every 32 CPU numbers that will be used
   */
  static over(words: Int32Array): CpuMask {
    return new CpuMask(words);
  }

  /**
   * An empty mask.
   *
   * @param limit one more than the highest CPU number it has to hold, 1 to 4096
   */
  static empty(limit: number = MAX_CPUS): CpuMask {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_CPUS)
      throw new MachineError('ERR_CONFIG', `expected 1 to ${MAX_CPUS} CPU numbers, got ${limit}`);
    return new CpuMask(new Int32Array(Math.ceil(limit / WORD_BITS)));
  }

  /**
   * The mask of these CPUs, in any order.
   *
   * @throws MachineError ERR_CONFIG for a number that is no CPU number, or one given twice
   */
  static of(cpus: Iterable<number>): CpuMask {
    const ids = [...cpus];
    for (const cpu of ids) checkCpuNumber(cpu);
    const mask = CpuMask.empty(Math.max(0, ...ids) + 1);
    for (const cpu of ids) {
      if (mask.has(cpu))
        throw new MachineError('ERR_CONFIG', `expected each CPU once, got CPU ${cpu} twice`);
      mask.add(cpu);
    }
    return mask;
  }

  /** CPUs 0 to count - 1. @param count 0 to 4096 */
  static firstN(count: number): CpuMask {
    if (!Number.isInteger(count) || count < 0 || count > MAX_CPUS)
      throw new MachineError('ERR_CONFIG', `expected 0 to ${MAX_CPUS} CPUs, got ${count}`);
    return CpuMask.of(Array.from({ length: count }, (_, cpu) => cpu));
  }

  /**
   * Reads the list format of sysfs, such as `0-3,8`; the empty string is the empty mask.
   *
   * As in the kernel, parts may come in any order and overlap, and a newline may end the list.
   *
   * @throws MachineError ERR_CONFIG when it is malformed or names a CPU of 4096 or more
   * @source Documentation/ABI/stable/sysfs-devices-system-cpu; lib/bitmap-str.c,
   * bitmap_parselist(), without its `used/group` form
   */
  static parse(list: string): CpuMask {
    const text = list.trim();
    if (text === '') return CpuMask.empty(1);
    const ranges = text.split(',').map((part) => parseRange(part, list));
    const mask = CpuMask.empty(Math.max(...ranges.map(([, last]) => last)) + 1);
    for (const [first, last] of ranges) for (let cpu = first; cpu <= last; cpu++) mask.add(cpu);
    return mask;
  }

  /** The bitmap itself, for copying it to a program: little-endian words. */
  get words(): Int32Array {
    return this.#words;
  }

  /** One more than the highest CPU number it can hold. */
  get limit(): number {
    return this.#words.length * WORD_BITS;
  }

  /** How many CPUs are in it. */
  get count(): number {
    let count = 0;
    for (let index = 0; index < this.#words.length; index++) count += bitCount(this.#words[index]!);
    return count;
  }

  /** Whether no CPU is in it. */
  get isEmpty(): boolean {
    return this.first() < 0;
  }

  /** Whether the CPU is in it. */
  has(cpu: number): boolean {
    return (((this.#words[cpu >>> 5] ?? 0) >>> (cpu & 31)) & 1) === 1;
  }

  /** Puts a CPU below `limit` in. */
  add(cpu: number): void {
    const word = cpu >>> 5;
    this.#words[word] = this.#words[word]! | (1 << (cpu & 31));
  }

  /** Takes a CPU out. */
  delete(cpu: number): void {
    const word = cpu >>> 5;
    if (word < this.#words.length) this.#words[word] = this.#words[word]! & ~(1 << (cpu & 31));
  }

  /** Takes all CPUs out. */
  clear(): void {
    this.#words.fill(0);
  }

  /** Becomes equal to a mask whose CPUs are below this one's `limit`. */
  copyFrom(other: CpuMask): void {
    for (let index = 0; index < this.#words.length; index++)
      this.#words[index] = other.#words[index] ?? 0;
  }

  /** The lowest CPU in it, or -1. */
  first(): number {
    return this.next(-1);
  }

  /** The lowest CPU in it above `cpu`, or -1; -1 starts an iteration. */
  next(cpu: number): number {
    const from = cpu + 1;
    let index = from >>> 5;
    if (index >= this.#words.length) return -1;
    let bits = this.#words[index]! & (-1 << (from & 31));
    while (bits === 0) {
      if (++index >= this.#words.length) return -1;
      bits = this.#words[index]!;
    }
    return index * WORD_BITS + 31 - Math.clz32(bits & -bits);
  }

  /** The CPUs, ascending. */
  *[Symbol.iterator](): Iterator<number> {
    for (let cpu = this.first(); cpu >= 0; cpu = this.next(cpu)) yield cpu;
  }

  /** Whether both hold the same CPUs. */
  equals(other: CpuMask): boolean {
    return this.isSubsetOf(other) && other.isSubsetOf(this);
  }

  /** Whether some CPU is in both. */
  intersects(other: CpuMask): boolean {
    for (let index = 0; index < this.#words.length; index++)
      if ((this.#words[index]! & (other.#words[index] ?? 0)) !== 0) return true;
    return false;
  }

  /** Whether every CPU of this one is in the other. */
  isSubsetOf(other: CpuMask): boolean {
    for (let index = 0; index < this.#words.length; index++)
      if ((this.#words[index]! & ~(other.#words[index] ?? 0)) !== 0) return false;
    return true;
  }

  /** The list format of sysfs: ascending, runs of two and more as `first-last`. */
  toString(): string {
    const parts: string[] = [];
    for (let cpu = this.first(); cpu >= 0;) {
      let last = cpu;
      while (this.has(last + 1)) last++;
      parts.push(last === cpu ? `${cpu}` : `${cpu}-${last}`);
      cpu = this.next(last);
    }
    return parts.join(',');
  }
}

function checkCpuNumber(cpu: number): void {
  if (!Number.isInteger(cpu) || cpu < 0 || cpu >= MAX_CPUS)
    throw new MachineError('ERR_CONFIG', `expected CPU numbers 0 to ${MAX_CPUS - 1}, got ${cpu}`);
}

function parseRange(part: string, list: string): readonly [first: number, last: number] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
  if (match === null)
    throw new MachineError(
      'ERR_CONFIG',
      `expected a CPU list such as "0-3,8", got "${list}" (at "${part}")`,
    );
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  checkCpuNumber(first);
  checkCpuNumber(last);
  if (last < first)
    throw new MachineError('ERR_CONFIG', `expected an ascending range, got "${part}" in "${list}"`);
  return [first, last];
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
