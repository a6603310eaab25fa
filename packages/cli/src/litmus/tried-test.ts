import { LitmusError, parseAnyLitmus } from '@rseqlab/explorer';
import type {
  AnyLitmusTest,
  LkmmDeadlock,
  LkmmMisuse,
  StatedVerdict,
  Verdict,
} from '@rseqlab/explorer';
import { digest } from '@rseqlab/sim-machine';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.js';
import type { DialectSearches } from './dialect-searches.js';

/** What a test came to. */
export interface TriedTest {
  /** The path as given. */
  readonly file: string;
  /** The test's own name. */
  readonly name: string;
  readonly verdict: StatedVerdict;
  /** All final states, sorted and written as in expected tables. */
  readonly states: readonly string[];
  /** Of C tests. */
  readonly dialect?: 'C';
  /** Of C tests: what the final states alone say, whatever the verdict. */
  readonly observation?: Verdict;
  /** Of C tests: the first execution that cannot go on. */
  readonly deadlock?: LkmmDeadlock;
  /** Of C tests: the rules that are broken, if any. */
  readonly misuses?: readonly LkmmMisuse[];
  /** Of C tests that were given up: the executions that were made besides. */
  readonly samples?: number;
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
  searches: DialectSearches,
): TriedFile {
  try {
    const text = readFileSync(resolve(folder, file), 'utf8');
    if (digest(text) !== identity)
      throw new CommandError(`${file}: expected the file as it was planned, got one changed since`);
    return run(parseAnyLitmus(text, file), searches);
  } catch (error) {
    if (error instanceof LitmusError) return { complaint: error.message };
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return { complaint: `${file}: expected a readable file, got ${code}` };
  }
}

function run(
  parsed: AnyLitmusTest,
  { machineCode, c, limits, cLimits }: DialectSearches,
): TriedFile {
  const { file, name } = parsed.test;
  if (parsed.dialect === 'X86_64') {
    const { outcome, complete } = machineCode.run(parsed.test, limits);
    const { verdict, states } = outcome;
    return { test: { file, name, verdict, states }, complete };
  }
  const { outcome, complete, samples } = c.run(parsed.test, cLimits);
  const { verdict, observation, states, deadlock, misuses } = outcome;
  const test: TriedTest = {
    ...{ file, name, dialect: 'C', verdict, states, observation },
    ...(deadlock !== undefined && { deadlock }),
    ...(misuses.length > 0 && { misuses }),
    ...(samples !== undefined && { samples }),
  };
  return { test, complete };
}
