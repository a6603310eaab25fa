import { collectLocations } from './collect-locations.js';
import type { LitmusTest } from './litmus-test.js';
import { parseEnd } from './parse-end.js';
import { parseHeader } from './parse-header.js';
import { parseInit } from './parse-init.js';
import { parseProgram } from './parse-program.js';
import { SourceText } from './source-text.js';
import { TokenStream } from './token-stream.js';
import { X86_SYNTAX } from './x86-syntax.js';

/**
 * Parses a litmus test in the X86_64 format of herd and litmus.
 *
 * @param text - the whole file
 * @param file - the name that complaints carry
 * @throws LitmusError whatever is wrong with the text, with line and column.
 *
 * @example
 * ```ts
 * const test = parseLitmus(
 *   `X86_64 SB
 *    { x=0; y=0; }
 *    P0            | P1            ;
 *    movq $1,(x)   | movq $1,(y)   ;
 *    movq (y),%rax | movq (x),%rax ;
 *    exists (0:rax=0 /\\ 1:rax=0)`,
 *   'SB.litmus',
 * );
 * test.observed.map(observableKey); // ['0:rax', '1:rax']
 * ```
 */
export function parseLitmus(text: string, file: string): LitmusTest {
  const source = new SourceText(file, text);
  const { name, doc, metadata, end } = parseHeader(source, X86_SYNTAX.dialect);
  const stream = new TokenStream(source, end, X86_SYNTAX);
  const initial = parseInit(stream);
  const threads = parseProgram(stream);
  const { addresses, ...question } = parseEnd(stream, threads.length);
  const { observed } = question;
  const locations = collectLocations({ initial, threads, observed, addresses });
  const described = doc === undefined ? {} : { doc };
  return { file, name, ...described, metadata, initial, threads, locations, ...question };
}
