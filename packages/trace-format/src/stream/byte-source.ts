/** The bytes of a data stream, read piece by piece: a file, or memory. */
export interface ByteSource {
  /** What it is called in messages: the name of the file. */
  readonly name: string;
  readonly sizeBytes: number;
  /**
   * Fills the target with the bytes from `at` on.
   *
   * @returns how many there were; fewer than asked for only at the end
   */
  read(target: Uint8Array, at: number): number;
}

/** Bytes in memory as a source. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    sizeBytes: bytes.length,
    read(target, at) {
      const piece = bytes.subarray(at, at + target.length);
      target.set(piece);
      return piece.length;
    },
  };
}
