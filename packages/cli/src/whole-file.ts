import { constants, accessSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { CommandError } from './command-error.js';

/**
 * Writes a file as a whole: it is there with all of its text, or as it was before.
 *
 * @throws CommandError when it cannot be written
 */
export function writeWhole(file: string, folder: string, text: string): void {
  writingTo(file, () => writeFileAtomic.sync(resolve(folder, file), text));
}

/**
 * Sees, before a long search, that there is a folder in which a file can be written at its end. Writes nothing.
 *
 * @throws CommandError when there is none, or the file itself is a folder
 */
export function expectWritable(file: string, folder: string): void {
  const path = resolve(folder, file);
  // With its separator, so that a file in place of the folder is none.
  const found = writingTo(file, () => {
    accessSync(dirname(path) + sep, constants.W_OK);
    return statSync(path, { throwIfNoEntry: false });
  });
  if (found?.isDirectory() === true)
    throw new CommandError(`${file}: expected a file to write to, got a folder`);
}

/** Does what writes to a file. @throws CommandError that names it, with the system's error as its cause */
export function writingTo<Result>(file: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(`${file}: expected a file to write to, got ${code}`, undefined, {
      cause: error,
    });
  }
}
