import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { CommandError } from '../command-error.js';

/** Bytes of a chunk's length, and of the seal: how many bytes come before it, and their checksum. */
const LENGTH_BYTES = 4;
const SEAL_BYTES = 8 + 32;

/** Bytes that are read at a time to see whether they are as they were written. */
const READ_BYTES = 1 << 20;

/**
 * Writes chunks of bytes to a file, each with its length before it, and a seal by which {@link readSealed} sees that
 * all are there, unchanged. The file is there with all of them, or as it was before.
 *
 * @returns bytes of the file
 * @throws an error of the system when it cannot be written
 */
export function writeSealed(path: string, chunks: Iterable<Uint8Array>): number {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(draft, 'wx');
    let written = 0;
    try {
      const hash = createHash('sha256');
      for (const chunk of chunks) {
        const length = Buffer.alloc(LENGTH_BYTES);
        length.writeUInt32LE(chunk.length);
        hash.update(length).update(chunk);
        written += writeAll(file, [length, chunk]);
      }
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(written));
      written += writeAll(file, [length, hash.digest()]);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    return written;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Writes buffers as a whole, which the system may do in pieces. */
function writeAll(file: number, buffers: readonly Uint8Array[]): number {
  const length = buffers.reduce((sum, one) => sum + one.length, 0);
  let left = buffers;
  for (let written = 0; written < length;) {
    let taken = writevSync(file, left);
    written += taken;
    left = left.flatMap((one) => {
      const skipped = Math.min(taken, one.length);
      taken -= skipped;
      return skipped === one.length ? [] : [one.subarray(skipped)];
    });
  }
  return length;
}

/**
 * Reads a sealed file back: chunk by chunk, once it is sure that all are there.
 *
 * @param name of the file, for what is wrong with it
 * @param what it is, such as `resume file`
 * @throws CommandError when it was cut short or changed
 */
export function readSealed<Result>(
  path: string,
  name: string,
  what: string,
  action: (read: () => Uint8Array) => Result,
): Result {
  const file = openSync(path, 'r');
  try {
    const end = statSync(path).size - SEAL_BYTES;
    requireSeal(file, end, name, what);
    let at = 0;
    return action(() => {
      const length = readAt(file, at, LENGTH_BYTES).readUInt32LE();
      const chunk = readAt(file, at + LENGTH_BYTES, length);
      at += LENGTH_BYTES + length;
      return chunk;
    });
  } finally {
    closeSync(file);
  }
}

function requireSeal(file: number, end: number, name: string, what: string): void {
  const seal = end < 0 ? undefined : readAt(file, end, SEAL_BYTES);
  if (seal?.readBigUInt64LE() !== BigInt(end))
    throw new CommandError(
      `${name}: expected a whole ${what} of a search of states, got one that was cut short, or is of something else`,
    );
  const hash = createHash('sha256');
  for (let at = 0; at < end; at += READ_BYTES)
    hash.update(readAt(file, at, Math.min(READ_BYTES, end - at)));
  if (!hash.digest().equals(seal.subarray(8)))
    throw new CommandError(
      `${name}: expected a ${what} as it was written, got one that was changed since`,
    );
}

function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let read = 0; read < length;) {
    const more = readSync(file, bytes, read, length - read, at + read);
    if (more === 0) throw new Error('the file became shorter while it was read');
    read += more;
  }
  return bytes;
}
