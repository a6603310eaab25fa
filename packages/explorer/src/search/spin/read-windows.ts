import { AccessKind } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';
import { PRIME_A, mix } from '../hash-mix.js';
import { UnseenStores } from './unseen-stores.js';
import type { WordValues } from './word-values.js';

/** No longer round of a loop is recognised. */
const ROUND_READS = 16;

/** Most reads that are remembered of a thread: where loads may miss writes, a round and the one before it as well. */
export const WINDOW_READS: number = 2 * ROUND_READS - 1;

/** Of a longer write no more is learned: nobody spins on all that. */
const MOST_LEARNED_BYTES = 16;

/** Fields of a read. */
const FIELDS = 5;
const Field = { Address: 0, Physical: 1, Size: 2, Value: 3, Newer: 4 } as const;

/** What a thread read, or would read: where, how much and what. */
export interface WindowRead {
  /** Virtual address. */
  readonly address: number;
  readonly physical: number;
  readonly size: number;
  readonly value: number;
  /** Writes to its word that are newer than the one that it read from, where loads may miss writes. */
  readonly newer: number;
}

/**
 * What each thread has read since it last changed anything, and which of its last reads are fresh: what they
 * read has not changed.
 *
 * An atomic operation that leaves its word as it was is a read. What was read of a word is fresh as long as the word
 * has, without a break, the value that was read, whatever became of others. Invariant: the fresh reads of a
 * thread are its last ones, up to the last one that is not.
 */
export class ReadWindows implements ShadowObserver {
  /** 1 for threads whose window has changed, or may look at another instruction, since that was set to 0. */
  readonly changed: Uint8Array;
  /** Called behind every read, in runs in which a thread is looked at. */
  onRead: ((thread: number) => void) | undefined;
  /** Goes up with every change of memory. */
  effects = 0;
  /** Learns what words hold, in runs that are not thrown away. */
  values: WordValues | undefined;
  /** Reads of each thread so far, in the run at hand. */
  readonly reads: Int32Array;
  /**
   * How many reads the round has that a thread is in, of those known to let others go first, as long as it reads in it
   * what it read in the one before; or 0.
   */
  readonly loops: Uint8Array;
  readonly #machine: Machine;
  readonly #mayMiss: boolean;
  readonly #most: number;
  readonly #buffersStores: boolean;
  readonly #lengths: Uint8Array;
  readonly #fresh: Uint8Array;
  readonly #words: Int32Array;
  /** Where a CPU reads what it has stored itself, whatever is in memory. */
  readonly #unseen = new UnseenStores();
  /** Threads below this may have a window. */
  #threads = 0;

  /** @param mayMiss - whether loads may read what is not in memory any more */
  constructor(machine: Machine, mayMiss: boolean) {
    this.#machine = machine;
    this.#mayMiss = mayMiss;
    this.#most = mayMiss ? WINDOW_READS : ROUND_READS;
    this.#buffersStores = machine.buffersStores;
    const { capacity } = machine.threads;
    this.changed = new Uint8Array(capacity);
    this.reads = new Int32Array(capacity);
    this.loops = new Uint8Array(capacity);
    this.#lengths = new Uint8Array(capacity);
    this.#fresh = new Uint8Array(capacity);
    this.#words = new Int32Array(capacity * WINDOW_READS * FIELDS);
  }

  reset(): void {
    this.changed.fill(1);
    this.#lengths.fill(0);
    this.#fresh.fill(0);
    this.loops.fill(0);
    this.reads.fill(0);
    this.#threads = 0;
    this.#unseen.clear();
  }

  /** How many reads are in a thread's window, fresh or not. */
  lengthOf(thread: number): number {
    return this.#lengths[thread]!;
  }

  /** How many reads are in a thread's window whose words have not changed since, nor those of later ones. */
  freshOf(thread: number): number {
    return this.#fresh[thread]!;
  }

  /** A read in a thread's window, 0 for the last. */
  last(thread: number, back: number): WindowRead {
    const at = (thread * WINDOW_READS + this.#lengths[thread]! - 1 - back) * FIELDS;
    const words = this.#words;
    return {
      address: words[at + Field.Address]!,
      physical: words[at + Field.Physical]!,
      size: words[at + Field.Size]!,
      value: words[at + Field.Value]!,
      newer: words[at + Field.Newer]!,
    };
  }

  /** Whether a thread's window has a fresh read at an address. */
  has(thread: number, address: number, size: number): boolean {
    const words = this.#words;
    const end = thread * WINDOW_READS + this.#lengths[thread]!;
    for (let n = end - this.#fresh[thread]!; n < end; n++) {
      const at = n * FIELDS;
      if (words[at + Field.Address] === address && words[at + Field.Size] === size) return true;
    }
    return false;
  }

  /** How many of a thread's last reads are, write for write, those of a round before. @param round - its reads */
  repeated(thread: number, round: number): number {
    const words = this.#words;
    const length = this.#lengths[thread]!;
    const last = thread * WINDOW_READS + length - 1;
    let count = 0;
    for (; count + round < length; count++) {
      const at = (last - count) * FIELDS;
      const before = at - round * FIELDS;
      if (words[at + Field.Address] !== words[before + Field.Address]) break;
      if (words[at + Field.Newer] !== words[before + Field.Newer]) break;
    }
    return count;
  }

  /** A hash of all reads in a thread's window. */
  hashOf(thread: number): number {
    const words = this.#words;
    const first = thread * WINDOW_READS * FIELDS;
    const end = first + this.#lengths[thread]! * FIELDS;
    let hash = 0;
    for (let at = first; at < end; at += FIELDS)
      hash = mix(hash ^ words[at + Field.Address]!, words[at + Field.Value]!, PRIME_A);
    return hash;
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
    thread: number,
    address: number,
  ): void {
    if (kind === AccessKind.Load || kind === AccessKind.FailedUpdate)
      this.#read(thread, address, physical, size, value);
    else if (kind === AccessKind.Update && this.#machine.wordAt(physical) === value)
      this.#read(thread, address, physical, size, value);
    else {
      this.#clear(thread);
      if (kind === AccessKind.Store && this.#buffersStores) this.#unseen.add(cpu, physical, size);
      else this.#written(physical, size, cpu);
    }
  }

  onKernelAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    _value: number,
    cpu: number,
  ): void {
    if (kind === AccessKind.Store && this.#buffersStores) this.#unseen.add(cpu, physical, size);
    else if (kind === AccessKind.Store || kind === AccessKind.Update)
      this.#written(physical, size, cpu);
  }

  storeVisible(physical: number, size: number, _low: number, cpu: number): void {
    this.#unseen.remove(cpu, physical, size);
    this.changed.fill(1, 0, this.#threads);
    this.#written(physical, size, cpu);
  }

  onFence(_kind: number, _cpu: number, thread: number): void {
    this.changed[thread] = 1;
  }

  frameCopied(): void {
    this.#clearAll();
  }

  frameFreed(): void {
    this.#clearAll();
  }

  #read(thread: number, address: number, physical: number, size: number, value: number): void {
    const words = this.#words;
    const first = thread * WINDOW_READS * FIELDS;
    let length = this.#lengths[thread]!;
    if (length === this.#most) {
      words.copyWithin(first, first + FIELDS, first + length * FIELDS);
      length -= 1;
    }
    const at = first + length * FIELDS;
    words[at + Field.Address] = address;
    words[at + Field.Physical] = physical;
    words[at + Field.Size] = size;
    words[at + Field.Value] = value;
    words[at + Field.Newer] = this.#machine.missedWrites;
    if (this.values !== undefined && isWord(physical, size))
      this.values.learn(physical >> 2, value);
    this.#lengths[thread] = length + 1;
    this.#fresh[thread] = Math.min(this.#fresh[thread]! + 1, this.#most);
    this.changed[thread] = 1;
    this.reads[thread]! += 1;
    this.onRead?.(thread);
    if (this.loops[thread]! > 0 && !this.#isLikeBefore(thread)) this.loops[thread] = 0;
    if (thread >= this.#threads) this.#threads = thread + 1;
  }

  /** Whether a thread's last read is what it was a round before. */
  #isLikeBefore(thread: number): boolean {
    const round = this.loops[thread]!;
    if (this.#lengths[thread]! <= round) return false;
    const now = this.last(thread, 0);
    const before = this.last(thread, round);
    return now.address === before.address && now.value === before.value;
  }

  /** Memory has changed: a thread that has read that has something new to read, as of what it read before. */
  #written(physical: number, size: number, cpu: number): void {
    this.effects += 1;
    if (this.values !== undefined) this.#learn(physical, size);
    if (this.#mayMiss) this.#overtake(physical, size, cpu);
    const words = this.#words;
    for (let thread = 0; thread < this.#threads; thread++) {
      // It may read there what it has read all the same.
      if (this.#mayMiss && this.#machine.threads.cpu[thread] !== cpu) continue;
      const end = thread * WINDOW_READS + this.#lengths[thread]!;
      for (let newer = 0; newer < this.#fresh[thread]!; newer++) {
        const at = (end - 1 - newer) * FIELDS;
        const place = words[at + Field.Physical]!;
        const bytes = words[at + Field.Size]!;
        if (place >= physical + size || physical >= place + bytes) continue;
        if (isWord(place, bytes) && this.#machine.wordAt(place) === words[at + Field.Value])
          continue;
        if (this.#unseen.has(this.#machine.threads.cpu[thread]!, place, bytes)) continue;
        this.#fresh[thread] = newer;
        this.changed[thread] = 1;
        break;
      }
    }
  }

  #learn(physical: number, size: number): void {
    const end = Math.min(physical + size, physical + MOST_LEARNED_BYTES);
    for (let word = physical >> 2; word << 2 < end; word++)
      this.values!.learn(word, this.#machine.wordAt(word << 2));
  }

  /** What other CPUs read of the words that a CPU has written is older by one write. */
  #overtake(physical: number, size: number, cpu: number): void {
    const words = this.#words;
    const first = physical >> 2;
    const last = (physical + size - 1) >> 2;
    for (let thread = 0; thread < this.#threads; thread++) {
      const own = this.#machine.threads.cpu[thread]!;
      const end = thread * WINDOW_READS + this.#lengths[thread]!;
      for (let n = thread * WINDOW_READS; n < end; n++) {
        const at = n * FIELDS;
        const word = words[at + Field.Physical]! >> 2;
        if (word < first || word > last || own === cpu) continue;
        if (!this.#unseen.has(own, word << 2, 4)) words[at + Field.Newer]! += 1;
      }
    }
  }

  #clearAll(): void {
    this.effects += 1;
    for (let thread = 0; thread < this.#threads; thread++) this.#clear(thread);
  }

  #clear(thread: number): void {
    this.#lengths[thread] = 0;
    this.#fresh[thread] = 0;
    this.loops[thread] = 0;
    this.changed[thread] = 1;
  }
}

/** Whether a read is of one whole word, of which can be told whether it has changed. */
export function isWord(physical: number, size: number): boolean {
  return size === 4 && (physical & 3) === 0;
}
