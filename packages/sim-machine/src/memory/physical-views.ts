/**
 * The machine's physical memory at three widths; all views lie on one ArrayBuffer, little-endian.
 *
 * Invariant: the three views share their buffer and start at its first byte.
 */
export interface PhysicalViews {
  readonly words: Int32Array;
  readonly halves: Uint16Array;
  readonly bytes: Uint8Array;
}

/**
 * Physical memory of its own, zeroed, seen at the three widths.
 *
 * @param sizeBytes a multiple of 4
 */
export function createPhysicalViews(sizeBytes: number): PhysicalViews {
  const buffer = new ArrayBuffer(sizeBytes);
  return {
    words: new Int32Array(buffer),
    halves: new Uint16Array(buffer),
    bytes: new Uint8Array(buffer),
  };
}
