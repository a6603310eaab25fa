import type { NumberLiteral, TextLiteral } from './expression.js';
import { filterError } from './filter-error.js';
import { narrowed } from './signed-64.js';
import type { FilterToken } from './tokenize-filter.js';

/**
 * The value of a number: decimal, hexadecimal (0x), octal (0) or floating point.
 *
 * @throws TracerError `ERR_FILTER` for an octal number with other digits, and for one of more than 64 bits
 */
export function numberLiteral({ text, column }: FilterToken): NumberLiteral {
  const isHex = /^0[xX]/.test(text);
  if (!isHex && /[.eE]/.test(text))
    return { kind: 'number', value: Number(text), isFloat: true, column };
  if (!isHex && /^0\d*[89]/.test(text))
    throw filterError(column, 'an octal number behind the leading 0', text);
  const isOctal = !isHex && /^0\d/.test(text);
  const value = BigInt(isOctal ? `0o${text.slice(1)}` : text);
  if (value >= 2n ** 64n) throw filterError(column, 'a number of at most 64 bits', text);
  return { kind: 'number', value: narrowed(value), isFloat: false, column };
}

/** The value of text: a backslash takes the character behind it as it is, a star among them. */
export function textLiteral({ text, column }: FilterToken): TextLiteral {
  const parts = [''];
  for (let at = 1; at < text.length - 1; at++) {
    const character = text[at]!;
    const last = parts.length - 1;
    if (character === '*') parts.push('');
    else parts[last] = parts[last]! + (character === '\\' ? escaped(text[++at]!) : character);
  }
  return { kind: 'text', parts, column };
}

function escaped(character: string): string {
  return character === 'n' ? '\n' : character === 't' ? '\t' : character;
}
