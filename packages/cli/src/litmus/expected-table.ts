import { parseExpected, LitmusError } from '@rseqlab/explorer';
import type { ExpectedResult } from '@rseqlab/explorer';
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { CommandError } from '../command-error.js';

/** What a table states about files. */
export interface ExpectedTable {
  /** What it states about a file, or undefined. */
  rowOf(file: string): ExpectedResult | undefined;
}

/**
 * Reads a table of expected results; its rows name files relative to its own folder.
 *
 * @throws CommandError when there is none, or it is malformed
 */
export function readExpectedTable(path: string, folder: string): ExpectedTable {
  const rows = readRows(path, folder);
  const base = dirname(resolve(folder, path));
  return {
    rowOf(file) {
      const key = relative(base, resolve(folder, file)).split(sep).join('/');
      return rows.get(key);
    },
  };
}

function readRows(path: string, folder: string): ReadonlyMap<string, ExpectedResult> {
  let text: string;
  try {
    text = readFileSync(resolve(folder, path), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(
      `${path}: expected a table of expected results, got ${code}`,
      undefined,
      {
        cause: error,
      },
    );
  }
  try {
    return parseExpected(text, path);
  } catch (error) {
    if (error instanceof LitmusError)
      throw new CommandError(error.message, undefined, { cause: error });
    throw error;
  }
}
