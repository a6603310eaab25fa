import { parseDialect } from '../litmus/parse-header.js';
import { parseLitmus } from '../litmus/parse-litmus.js';
import { SourceText } from '../litmus/source-text.js';
import type { LitmusTest } from '../litmus/litmus-test.js';
import type { LkmmTest } from './lkmm-test.js';
import { parseLkmm } from './parse-lkmm.js';

/** A litmus test with the dialect that it is written in. */
export type AnyLitmusTest =
  | { readonly dialect: 'X86_64'; readonly test: LitmusTest }
  | { readonly dialect: 'C'; readonly test: LkmmTest };

/**
 * Parses a litmus test in the dialect that its first word tells.
 *
 * @param text - the whole file
 * @param file - the name that complaints carry
 * @throws LitmusError `ERR_LITMUS_DIALECT` for a dialect that is not run here, and whatever else is
 *   wrong with the text, with line and column.
 */
export function parseAnyLitmus(text: string, file: string): AnyLitmusTest {
  const dialect = parseDialect(new SourceText(file, text));
  return dialect === 'C'
    ? { dialect, test: parseLkmm(text, file) }
    : { dialect, test: parseLitmus(text, file) };
}
