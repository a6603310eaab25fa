import { filterError } from './filter-error.js';

/** A word, number, text or sign of a filter. */
export interface FilterToken {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end';
  /** As it was written; empty at the end. */
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** Longest filter, so that none overflows the stack. */
const MAX_CHARACTERS = 4096;

const SPACE = /\s*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const NAME = /\$?[A-Za-z_][A-Za-z0-9_]*/y;
const TEXT = /"(?:[^"\\]|\\.)*"/y;
const SIGN = /<<|>>|<=|>=|==|!=|&&|\|\||[-+!~&^|<>().[\]:]/y;

/**
 * Cuts a filter into tokens; the last is the end.
 *
 * @throws TracerError `ERR_FILTER` for a character that begins none, and for text without an end
 */
export function tokenizeFilter(filter: string): FilterToken[] {
  if (filter.length > MAX_CHARACTERS)
    throw filterError(
      MAX_CHARACTERS + 1,
      `at most ${MAX_CHARACTERS} characters`,
      `${filter.length}`,
    );
  const tokens: FilterToken[] = [];
  for (let at = skipSpace(filter, 0); at < filter.length;) {
    const token = tokenAt(filter, at);
    tokens.push(token);
    at = skipSpace(filter, at + token.text.length);
  }
  tokens.push({ kind: 'end', text: '', column: filter.length + 1 });
  return tokens;
}

function tokenAt(filter: string, at: number): FilterToken {
  const column = at + 1;
  const name = matchAt(NAME, filter, at);
  if (name !== undefined) return { kind: 'name', text: name, column };
  const number = matchAt(NUMBER, filter, at);
  if (number !== undefined) {
    const behind = matchAt(NAME, filter, at + number.length);
    if (behind === undefined) return { kind: 'number', text: number, column };
    throw filterError(column, 'a number', JSON.stringify(number + behind));
  }
  if (filter[at] === '"') {
    const text = matchAt(TEXT, filter, at);
    if (text !== undefined) return { kind: 'text', text, column };
    throw filterError(column, 'a closing " for the text that begins here', 'the end');
  }
  const sign = matchAt(SIGN, filter, at);
  if (sign !== undefined) return { kind: 'sign', text: sign, column };
  const character = String.fromCodePoint(filter.codePointAt(at)!);
  throw filterError(column, 'a field, value or operator', JSON.stringify(character));
}

function skipSpace(filter: string, at: number): number {
  return at + matchAt(SPACE, filter, at)!.length;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
