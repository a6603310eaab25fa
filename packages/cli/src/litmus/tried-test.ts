import { LitmusError, parseLitmus } from '@rseqlab/explorer';
import type { LitmusSearch, Verdict } from '@rseqlab/explorer';
import { digest } from '@rseqlab/sim-machine';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.js';

/** What a test came to. */
export interface TriedTest {
  /** The path as given. */
  readonly file: string;
  /** The test's own name. */
  readonly name: string;
  readonly verdict: Verdict;
  /** All final states, sorted and written as in expected tables. */
  readonly states: readonly string[];
}

/** A test that was run, or a line that says why it could not be. */
export type TriedFile =
  { readonly test: TriedTest; readonly complete: boolean } | { readonly complaint: string };

/** Identifies the text of a file by content; of a file that cannot be read, says why. */
export function textIdentity(file: string, folder: string): string {
  try {
    return digest(readFileSync(resolve(folder, file), 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

/**
 * Runs the test in a file.
 *
 * @param identity - what {@link textIdentity} was when the test was planned
 * @throws CommandError when the file was changed since
 */
export function tryFile(
  file: string,
  folder: string,
  identity: string,
  search: LitmusSearch,
): TriedFile {
  try {
    const text = readFileSync(resolve(folder, file), 'utf8');
    if (digest(text) !== identity)
      throw new CommandError(`${file}: expected the file as it was planned, got one changed since`);
    const test = parseLitmus(text, file);
    const { outcome, complete } = search.run(test);
    const { verdict, states } = outcome;
    return { test: { file, name: test.name, verdict, states }, complete };
  } catch (error) {
    if (error instanceof LitmusError) return { complaint: error.message };
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return { complaint: `${file}: expected a readable file, got ${code}` };
  }
}
