import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** What a writer of traces needs of the file system; throws the system's errors. */
export interface TraceFileSystem {
  /** Makes a folder, and those around it, and lists what is in it. */
  folder(path: string): readonly string[];
  /** Writes a file as a whole: it is there with all of its bytes, or as it was before. */
  replace(path: string, bytes: Uint8Array | string): void;
  /** Opens a new file for writing. */
  open(path: string): number;
  /** Writes at a byte. @returns how many bytes were written */
  write(descriptor: number, bytes: Uint8Array, at: number): number;
  /** Cuts a file off at a size. */
  truncate(descriptor: number, sizeBytes: number): void;
  close(descriptor: number): void;
  /** Takes a file away. */
  remove(path: string): void;
}

/** The file system of this machine. */
export const hostFiles: TraceFileSystem = {
  folder(path) {
    makeFolder(path);
    return readdirSync(path);
  },
  replace: (path, bytes) =>
    writeFileAtomic.sync(path, typeof bytes === 'string' ? bytes : Buffer.from(bytes)),
  open: (path) => openSync(path, 'wx'),
  write: (descriptor, bytes, at) => writeSync(descriptor, bytes, 0, bytes.length, at),
  truncate: ftruncateSync,
  close: closeSync,
  remove: unlinkSync,
};

/**
 * Makes a folder and those around it. Node's own way never comes back where a folder takes none, such as /proc.
 *
 * @throws the system's error
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
