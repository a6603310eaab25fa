import { endOfLine, skipBlank } from './skip-blank.js';
import { LITMUS_DIALECTS, type LitmusDialect } from './litmus-syntax.js';
import type { SourceText } from './source-text.js';

/** What stands before the init block. */
export interface LitmusHeader {
  readonly name: string;
  readonly doc?: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** Offset of the `{` that opens the init block. */
  readonly end: number;
}

const WORD = /\S+/y;
const SPACES = /[ \t]*/y;
const TEST_NAME = /[A-Za-z0-9_/.+[\]-]+/y;
const METADATA = /([A-Za-z][A-Za-z0-9_/.-]*)[ \t]*=([^\n]*)/y;

/** The architectures of herd that files may speak of and that are not run here. */
const OTHER_DIALECTS: ReadonlySet<string> = new Set([
  ...['AArch64', 'ARM', 'ASL', 'BPF', 'CPP', 'LISA', 'Bell', 'MIPS', 'PPC', 'RISCV', 'X86'],
]);

/**
 * Tells the dialect of a test by its first word.
 *
 * @param dialects - those that would do
 * @throws LitmusError `ERR_LITMUS_DIALECT` for another dialect of herd, `ERR_LITMUS_SYNTAX` for
 *   anything else.
 */
export function parseDialect(
  source: SourceText,
  dialects: readonly LitmusDialect[] = LITMUS_DIALECTS,
): LitmusDialect {
  const start = skipBlank(source, 0);
  const word = matchAt(WORD, source.text, start) ?? '';
  const found = dialects.find((dialect) => dialect === word);
  if (found !== undefined) return found;
  const wanted = dialects.join(' or ');
  if (OTHER_DIALECTS.has(word) || LITMUS_DIALECTS.some((dialect) => dialect === word))
    source.fail(
      'ERR_LITMUS_DIALECT',
      start,
      `a test in the dialect ${wanted}`,
      `one in the dialect ${word}`,
    );
  return fail(source, start, `the architecture ${wanted}`, start + word.length);
}

/**
 * Parses `X86_64 name` or `C name`, the quoted description and the `Key=Value` lines.
 *
 * @throws LitmusError `ERR_LITMUS_DIALECT` for another dialect, `ERR_LITMUS_SYNTAX` for any other
 *   line.
 */
export function parseHeader(source: SourceText, dialect: LitmusDialect): LitmusHeader {
  const start = skipBlank(source, 0);
  parseDialect(source, [dialect]);
  const { name, end: nameEnd } = parseName(source, start + dialect.length);
  const { doc, end: docEnd } = parseDoc(source, nameEnd);
  const metadata = new Map<string, string>();
  let offset = skipBlank(source, docEnd);
  while (source.text[offset] !== '{') {
    const match = execAt(METADATA, source.text, offset);
    if (!match) fail(source, offset, "a line 'Key=Value' or '{' to open the init block");
    metadata.set(match[1]!, match[2]!.trim());
    offset = skipBlank(source, offset + match[0].length);
  }
  return { name, ...(doc === undefined ? {} : { doc }), metadata, end: offset };
}

function parseName(source: SourceText, from: number): { name: string; end: number } {
  const start = from + (matchAt(SPACES, source.text, from)?.length ?? 0);
  const name = matchAt(TEST_NAME, source.text, start);
  if (name === undefined) fail(source, start, 'the name of the test');
  const end = skipBlank(source, start + name.length);
  const rest = source.text.slice(start + name.length, end);
  const atLineEnd = rest.includes('\n') || end === source.text.length;
  if (source.text[end] === ';') return { name, end: end + 1 };
  if (!atLineEnd && source.text[end] !== '"') fail(source, end, 'the end of the line');
  return { name, end };
}

function parseDoc(source: SourceText, start: number): { doc?: string; end: number } {
  if (source.text[start] !== '"') return { end: start };
  const close = source.text.indexOf('"', start + 1);
  if (close === -1)
    source.fail('ERR_LITMUS_SYNTAX', start, "'\"' to close this string", 'the end of the file');
  return { doc: source.text.slice(start + 1, close), end: close + 1 };
}

function fail(
  source: SourceText,
  offset: number,
  expected: string,
  end: number = endOfLine(source.text, offset),
): never {
  const got = source.quote(offset, end);
  return source.fail('ERR_LITMUS_SYNTAX', offset, expected, got);
}

function execAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  return execAt(pattern, text, offset)?.[0];
}
