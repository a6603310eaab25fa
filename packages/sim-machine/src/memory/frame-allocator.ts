import { invariant } from '../base/invariant.js';

/**
 * Hands out page frames and counts who refers to them.
 *
 * Pinned frames, below `firstFree`, are never handed out or taken back: the zero frame and the
 * text segment. The order in which frames are handed out depends on nothing but the calls since
 * the last reset.
 */
export class FrameAllocator {
  /** Frames there are, pinned ones included. */
  readonly capacity: number;
  readonly #references: Int32Array;
  readonly #free: Int32Array;
  #freeCount = 0;
  #firstFree = 0;
  #next = 0;
  /** Frames from here on were not handed out since all were zero. */
  #pristine = 0;
  /** Whether the frame last handed out was used since all were zero; one that was not is zero. */
  recycled = false;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#references = new Int32Array(capacity);
    this.#free = new Int32Array(capacity);
  }

  /**
   * Pins the next `count` frames for good; only before the first allocation.
   *
   * @returns the first of them, or -1 when there are not as many
   */
  pin(count: number): number {
    invariant(this.#next === this.#firstFree, 'frames are pinned before any is allocated');
    const first = this.#firstFree;
    if (first + count > this.capacity) return -1;
    this.#firstFree = first + count;
    this.#next = this.#firstFree;
    this.#pristine = this.#firstFree;
    return first;
  }

  /** A frame with one reference and unknown contents, or -1 when there is none left. */
  allocate(): number {
    let frame: number;
    if (this.#freeCount > 0) {
      frame = this.#free[--this.#freeCount]!;
    } else {
      if (this.#next === this.capacity) return -1;
      frame = this.#next++;
    }
    this.#references[frame] = 1;
    this.recycled = frame < this.#pristine;
    if (!this.recycled) this.#pristine = frame + 1;
    return frame;
  }

  /** Counts one more reference; pinned frames are not counted. */
  retain(frame: number): void {
    if (frame >= this.#firstFree) this.#references[frame]!++;
  }

  /** Drops a reference; true when it was the last one and the frame is free again. */
  release(frame: number): boolean {
    if (frame < this.#firstFree) return false;
    const left = --this.#references[frame]!;
    invariant(left >= 0, 'a frame is released once a reference');
    if (left > 0) return false;
    this.#free[this.#freeCount++] = frame;
    return true;
  }

  /** References to an unpinned frame; 0 when it is free. */
  references(frame: number): number {
    return this.#references[frame]!;
  }

  /** The first frame that is not pinned. */
  get firstFree(): number {
    return this.#firstFree;
  }

  /** Frames from {@link firstFree} on that may hold something. */
  get touched(): number {
    return this.#pristine - this.#firstFree;
  }

  /** Every frame that is not pinned was made zero, and none is in use. */
  cleared(): void {
    this.#pristine = this.#firstFree;
  }

  /** Whether the frame is pinned, and shared by all who map it. */
  isPinned(frame: number): boolean {
    return frame < this.#firstFree;
  }

  /** Frames that are handed out at present. */
  get used(): number {
    return this.#next - this.#firstFree - this.#freeCount;
  }

  /** All frames free again, in O(frames used). */
  reset(): void {
    for (let frame = this.#firstFree; frame < this.#next; frame++) this.#references[frame] = 0;
    this.#next = this.#firstFree;
    this.#freeCount = 0;
  }
}
