import { TraceFormatError } from '../trace-format-error.js';
import type { Token } from './token.js';

const BLANK = /[\s\0]+|\/\*[\s\S]*?\*\/|\/\/[^\n]*/y;
const WORD = /[A-Za-z_]\w*/y;
const INTEGER = /(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)(?:[uUlL]*)(?!\w)/y;
const TEXT = /L?"([^"\\\n]*(?:\\[\s\S][^"\\\n]*)*)"/y;
const CHARACTER = /'((?:[^'\\\n]|\\[\s\S])+)'/y;
const MARK = /\.\.\.|:=|[{}[\]()<>;:=,.\-+*]/y;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/**
 * Splits metadata in the Trace Stream Description Language into tokens.
 *
 * @throws TraceFormatError `ERR_METADATA` with line and column of what is no token
 * @source CTF 1.8, C.1
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const advance = (piece: string): void => {
    for (let n = piece.indexOf('\n'); n >= 0; n = piece.indexOf('\n', n + 1)) {
      line += 1;
      lineStart = at + n + 1;
    }
    at += piece.length;
  };
  for (;;) {
    for (let blank = match(BLANK); blank; blank = match(BLANK)) advance(blank[0]);
    const place = { line, column: at - lineStart + 1 };
    if (at >= text.length) {
      tokens.push({ kind: 'end', text: 'the end', value: 0n, ...place });
      return tokens;
    }
    const quoted = match(TEXT) ?? match(CHARACTER);
    const word = quoted ?? match(WORD);
    const integer = word ?? match(INTEGER);
    const found = integer ?? match(MARK);
    if (!found)
      throw new TraceFormatError(
        'ERR_METADATA',
        `expected metadata at line ${line}, column ${place.column}, got ${JSON.stringify(text.slice(at, at + 12))}`,
        place,
      );
    if (quoted) tokens.push({ kind: 'text', text: unescape(found[1]!), value: 0n, ...place });
    else if (word) tokens.push({ kind: 'word', text: found[0], value: 0n, ...place });
    else if (integer)
      tokens.push({ kind: 'integer', text: found[0], value: valueOf(found[0]), ...place });
    else tokens.push({ kind: 'mark', text: found[0], value: 0n, ...place });
    advance(found[0]);
  }
}

/** Value of an integer as C writes it: a leading 0 makes it octal. */
function valueOf(text: string): bigint {
  const digits = text.replace(/[uUlL]+$/, '');
  return /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
}

function unescape(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
}
