import { MachineError } from '../base/machine-error.js';
import { PAGE_BYTES, PAGE_SHIFT } from './page.js';
import type { PhysicalMemory } from './physical-memory.js';
import { HEAP_BASE, TEXT_BASE } from './user-layout.js';

/** Programs begin at multiples of this, as descriptors of critical sections have to. */
const TEXT_ALIGNMENT_BYTES = 32;

/**
 * The machine's code: one read-only executable segment, the same in every address space.
 *
 * Its frames are pinned and physically linear, so that an instruction is fetched without a
 * translation: `words[(ip - base + physical) >> 2]`. It survives a reset of the machine; `clear`
 * empties it.
 */
export class TextSegment {
  /** Virtual address of the first byte, in every address space. */
  readonly base: number = TEXT_BASE;
  /** Physical address of the first byte. */
  readonly physical: number;
  /** Size of the segment. */
  readonly capacityBytes: number;
  readonly #memory: PhysicalMemory;
  #usedBytes = 0;

  /**
   * Takes the first frames of `memory`, which nobody has allocated from yet.
   *
   * @throws MachineError ERR_CONFIG when the size is no multiple of 4096, or does not fit
   */
  constructor(memory: PhysicalMemory, capacityBytes: number) {
    if (!(capacityBytes > 0 && capacityBytes % PAGE_BYTES === 0))
      throw new MachineError(
        'ERR_CONFIG',
        `expected a text segment of a positive multiple of 4096 bytes, got ${capacityBytes}`,
      );
    const first = memory.frames.pin(capacityBytes >>> PAGE_SHIFT);
    if (first < 0 || capacityBytes > HEAP_BASE - TEXT_BASE)
      throw new MachineError(
        'ERR_CONFIG',
        `expected a text segment that fits into memory and below the heap, got ${capacityBytes} bytes`,
      );
    this.physical = first << PAGE_SHIFT;
    this.capacityBytes = capacityBytes;
    this.#memory = memory;
  }

  /** Virtual address behind the last byte. */
  get end(): number {
    return this.base + this.capacityBytes;
  }

  /** Bytes in use, from the first on. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Reserves room for a program.
   *
   * @param sizeBytes a multiple of 4
   * @returns its virtual address, a multiple of 32
   * @throws MachineError ERR_CAPACITY when the segment is full
   */
  place(sizeBytes: number): number {
    const offset = Math.ceil(this.#usedBytes / TEXT_ALIGNMENT_BYTES) * TEXT_ALIGNMENT_BYTES;
    if (offset + sizeBytes > this.capacityBytes)
      throw new MachineError(
        'ERR_CAPACITY',
        `expected a program of at most ${this.capacityBytes - offset} bytes, the rest of the text segment, got ${sizeBytes}`,
      );
    this.#usedBytes = offset + sizeBytes;
    return this.base + offset;
  }

  /**
   * Writes words at a virtual address inside a place that was reserved: installing, patching.
   *
   * @throws MachineError ERR_ADDRESS when the address is no multiple of 4 or lies elsewhere
   */
  write(address: number, words: ArrayLike<number>): void {
    const offset = address - this.base;
    if (offset % 4 !== 0 || offset < 0 || offset + words.length * 4 > this.#usedBytes)
      throw new MachineError(
        'ERR_ADDRESS',
        `expected words inside the text placed so far, got ${words.length} at 0x${address.toString(16)}`,
      );
    this.#memory.words.set(words, (this.physical + offset) >> 2);
  }

  /** Forgets all programs; every word is an illegal instruction again. */
  clear(): void {
    const first = this.physical >> 2;
    this.#memory.words.fill(0, first, first + (this.#usedBytes >> 2));
    this.#usedBytes = 0;
  }
}
