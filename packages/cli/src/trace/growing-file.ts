import type { TraceFileSystem } from './trace-files.js';

/**
 * A file that grows by whole pieces.
 *
 * Invariant: the file ends with a whole piece, unless the system refuses even to cut it off.
 */
export class GrowingFile {
  readonly #files: TraceFileSystem;
  readonly #descriptor: number;
  #sizeBytes = 0;

  constructor(files: TraceFileSystem, path: string) {
    this.#files = files;
    this.#descriptor = files.open(path);
  }

  /** Bytes of whole pieces. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Adds a piece; when it does not fit, the file is as it was before. @throws the system's error */
  append(piece: Uint8Array): void {
    try {
      for (let done = 0; done < piece.length;)
        done += this.#files.write(this.#descriptor, piece.subarray(done), this.#sizeBytes + done);
      this.#sizeBytes += piece.length;
    } catch (error) {
      this.#cut();
      throw error;
    }
  }

  /** Takes the last piece off again. */
  shrink(sizeBytes: number): void {
    this.#sizeBytes = sizeBytes;
    this.#cut();
  }

  close(): void {
    this.#files.close(this.#descriptor);
  }

  #cut(): void {
    try {
      this.#files.truncate(this.#descriptor, this.#sizeBytes);
    } catch {
      // Readers stop at a piece that is cut: what is whole before it stays readable all the same.
    }
  }
}
