import type { ByteSource } from '@rseqlab/trace-format';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A file as a source of bytes, as large as it was when it was opened. */
export class FileSource implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #descriptor: number;

  /** @throws the system's error when the file cannot be opened */
  constructor(name: string, path: string) {
    this.name = name;
    this.#descriptor = openSync(path, 'r');
    this.sizeBytes = fstatSync(this.#descriptor).size;
  }

  /** Fills the target with the bytes from `at` on; returns how many there were. */
  read(target: Uint8Array, at: number): number {
    let done = 0;
    while (done < target.length) {
      const count = readSync(this.#descriptor, target, done, target.length - done, at + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  /** Closes the file; it cannot be read any more. */
  close(): void {
    closeSync(this.#descriptor);
  }
}
