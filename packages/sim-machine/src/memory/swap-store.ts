import { FrameAllocator } from './frame-allocator.js';
import { PAGE_WORDS } from './page.js';
import type { PhysicalMemory } from './physical-memory.js';

/** Where swapped pages are: slots of a page each, with reference counts as fork shares them. */
export class SwapStore {
  readonly #memory: PhysicalMemory;
  readonly #slots: FrameAllocator;
  #words = new Int32Array(0);

  /** @param capacityPages pages that fit; 0 for a machine without swap */
  constructor(memory: PhysicalMemory, capacityPages: number) {
    this.#memory = memory;
    this.#slots = new FrameAllocator(capacityPages);
  }

  /** The contents: slot `n` is at words `n * 1024` and up. */
  get words(): Int32Array {
    return this.#words;
  }

  /** Pages that are swapped out at present. */
  get used(): number {
    return this.#slots.used;
  }

  /** Whether no page fits any more. */
  get isFull(): boolean {
    return this.#slots.used === this.#slots.capacity;
  }

  /**
   * Copies a frame into a slot with one reference, and drops the caller's reference to the frame.
   *
   * @returns the slot, or -1 when swap is full and nothing was done
   */
  pageOut(frame: number): number {
    const slot = this.#slots.allocate();
    if (slot < 0) return slot;
    if ((slot + 1) * PAGE_WORDS > this.#words.length) {
      const larger = new Int32Array((slot + 1) * 2 * PAGE_WORDS);
      larger.set(this.#words);
      this.#words = larger;
    }
    const first = frame * PAGE_WORDS;
    this.#words.set(this.#memory.words.subarray(first, first + PAGE_WORDS), slot * PAGE_WORDS);
    this.#memory.observer?.frameCopied(frame, this.#shadowFrame(slot));
    this.#memory.release(frame);
    return slot;
  }

  /**
   * Copies a slot into a frame of its own, and drops the caller's reference to the slot.
   *
   * @returns the frame, or -1 when memory is used up and nothing was done
   */
  pageIn(slot: number): number {
    const frame = this.#memory.allocateFrom(this.#words, slot * PAGE_WORDS);
    if (frame < 0) return frame;
    this.#memory.observer?.frameCopied(this.#shadowFrame(slot), frame);
    this.release(slot);
    return frame;
  }

  /** Counts one more reference to a slot. */
  retain(slot: number): void {
    this.#slots.retain(slot);
  }

  /** Drops a reference to a slot. */
  release(slot: number): void {
    if (this.#slots.release(slot)) this.#memory.observer?.frameFreed(this.#shadowFrame(slot));
  }

  /** Empties the store. */
  reset(): void {
    this.#slots.reset();
  }

  #shadowFrame(slot: number): number {
    return this.#memory.frames.capacity + slot;
  }
}
