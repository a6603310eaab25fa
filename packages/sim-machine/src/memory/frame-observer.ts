/**
 * Told when the contents of a frame move or end; what shadow state needs to stay with the contents.
 *
 * Pages in the swap store have frame numbers too, above all those of physical memory.
 */
export interface FrameObserver {
  /** `to` now holds a copy of what `from` holds. */
  frameCopied(from: number, to: number): void;
  /** What the frame held is gone. */
  frameFreed(frame: number): void;
}
