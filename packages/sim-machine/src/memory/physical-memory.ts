import { MachineError } from '../base/machine-error.js';
import { MemoryFingerprint } from './fingerprint.js';
import { FrameAllocator } from './frame-allocator.js';
import type { FrameObserver } from './frame-observer.js';
import { PAGE_BYTES, PAGE_SHIFT, PAGE_WORDS } from './page.js';
import { createPhysicalViews, type PhysicalViews } from './physical-views.js';

/** The frame that is all zeros for ever: what pages that were only read are mapped to. */
export const ZERO_FRAME = 0;

/** Frames that a reset clears itself: what few are touched for is cleared by one call in place of many. */
const MOST_CLEARED_BY_RESET = 16;

/** What a physical memory is made of. */
export interface PhysicalMemoryOptions {
  /** Size; a multiple of 4096, 8192 to 2^31 - 4096. Host memory is taken as pages are touched. */
  readonly sizeBytes: number;
  /** Whether to keep a {@link MemoryFingerprint}; every write then goes through `write`. */
  readonly trackFingerprint?: boolean;
}

/**
 * The machine's memory: frames of 4096 bytes in one buffer, read and written by physical address.
 *
 * A reset clears the frames that a run touched if they are few. Otherwise each is cleared when it is
 * handed out, so that a reset costs nothing for a page nobody touches again.
 */
export class PhysicalMemory implements PhysicalViews {
  readonly words: Int32Array;
  readonly halves: Uint16Array;
  readonly bytes: Uint8Array;
  /** Who uses which frame. */
  readonly frames: FrameAllocator;
  /** What the contents amount to; undefined unless asked for. */
  readonly fingerprint: MemoryFingerprint | undefined;
  /** The upper word of the last 8-byte read. */
  high = 0;
  /** Shadow state that follows the contents of frames. */
  observer: FrameObserver | undefined;
  readonly #keys: Int32Array;

  /** @throws MachineError ERR_CONFIG when the size is no multiple of 4096 or out of range */
  constructor(options: PhysicalMemoryOptions) {
    const { sizeBytes } = options;
    if (!(sizeBytes >= 2 * PAGE_BYTES && sizeBytes < 2 ** 31 && sizeBytes % PAGE_BYTES === 0))
      throw new MachineError(
        'ERR_CONFIG',
        `expected a memory size of 8192 to ${2 ** 31 - PAGE_BYTES} bytes, a multiple of 4096, got ${sizeBytes}`,
      );
    ({
      words: this.words,
      halves: this.halves,
      bytes: this.bytes,
    } = createPhysicalViews(sizeBytes));
    this.frames = new FrameAllocator(sizeBytes >>> PAGE_SHIFT);
    this.frames.pin(1);
    this.fingerprint = options.trackFingerprint === true ? new MemoryFingerprint() : undefined;
    this.#keys = new Int32Array(this.frames.capacity);
  }

  /** A frame of zeros with one reference, or -1 when memory is used up. */
  allocateZeroed(): number {
    const frame = this.frames.allocate();
    if (frame >= 0 && this.frames.recycled) this.#clear(frame, 1);
    return frame;
  }

  /** A frame with one reference and the contents of `source[first]` on, or -1. */
  allocateFrom(source: Int32Array, first: number): number {
    const frame = this.frames.allocate();
    if (frame < 0) return frame;
    if (source === this.words) source.copyWithin(frame * PAGE_WORDS, first, first + PAGE_WORDS);
    else this.words.set(source.subarray(first, first + PAGE_WORDS), frame * PAGE_WORDS);
    return frame;
  }

  /** Drops a reference to the frame. */
  release(frame: number): void {
    if (this.frames.release(frame)) this.observer?.frameFreed(frame);
  }

  /** Names the page that the frame holds the contents of. */
  setKey(frame: number, key: number): void {
    this.#keys[frame] = key;
  }

  /**
   * A hash, never 0, of the place in an address space or object that a physical address holds: the
   * same however frames were handed out.
   */
  placeOf(physical: number): number {
    const key = this.#keys[physical >>> PAGE_SHIFT]!;
    const word = (physical >> 2) & (PAGE_WORDS - 1);
    return Math.imul(key ^ Math.imul(word + 1, 0x9e3779b1), 0x85ebca6b) | 1;
  }

  /**
   * Reads 1, 2, 4 or 8 bytes, aligned or not, inside one frame.
   *
   * @returns the value, zero-extended; of 8 bytes the low word, with the upper one in `high`
   */
  read(physical: number, size: number): number {
    if (size === 4 && (physical & 3) === 0) return this.words[physical >> 2]!;
    if (size === 1) return this.bytes[physical]!;
    if (size === 2 && (physical & 1) === 0) return this.halves[physical >> 1]!;
    if (size === 8) {
      this.high = this.#readBytes(physical + 4, 4);
      return this.#readBytes(physical, 4);
    }
    return this.#readBytes(physical, size);
  }

  /**
   * Writes the low `size` bytes (1 to 8) of a 64-bit value, aligned or not, inside one frame.
   *
   * @param high the upper word; counts from a size of 5 on
   */
  write(physical: number, size: number, low: number, high: number): void {
    if (this.fingerprint !== undefined) this.#writeTracked(physical, size, low, high);
    else if (size === 4 && (physical & 3) === 0) this.words[physical >> 2] = low;
    else this.#writeBytes(physical, size, low, high);
  }

  /** Every unpinned frame free again; the pinned ones keep their contents. */
  reset(): void {
    const { frames } = this;
    const { touched } = frames;
    frames.reset();
    if (touched <= MOST_CLEARED_BY_RESET) {
      if (touched > 0) this.#clear(frames.firstFree, touched);
      frames.cleared();
    }
    this.fingerprint?.reset();
  }

  /** Filling bytes takes half the time of filling words, and less than copying zeros. */
  #clear(frame: number, count: number): void {
    this.bytes.fill(0, frame * PAGE_BYTES, (frame + count) * PAGE_BYTES);
  }

  #readBytes(physical: number, size: number): number {
    const bytes = this.bytes;
    let value = 0;
    for (let index = size - 1; index >= 0; index--) value = (value << 8) | bytes[physical + index]!;
    return value;
  }

  #writeBytes(physical: number, size: number, low: number, high: number): void {
    const bytes = this.bytes;
    for (let index = 0; index < size; index++)
      bytes[physical + index] = index < 4 ? low >>> (index * 8) : high >>> (index * 8 - 32);
  }

  #writeTracked(physical: number, size: number, low: number, high: number): void {
    const fingerprint = this.fingerprint!;
    const key = this.#keys[physical >>> PAGE_SHIFT]!;
    const first = physical >> 2;
    const last = (physical + size - 1) >> 2;
    for (let word = first; word <= last; word++)
      fingerprint.remove(key, word & (PAGE_WORDS - 1), this.words[word]!);
    this.#writeBytes(physical, size, low, high);
    for (let word = first; word <= last; word++)
      fingerprint.add(key, word & (PAGE_WORDS - 1), this.words[word]!);
  }
}
