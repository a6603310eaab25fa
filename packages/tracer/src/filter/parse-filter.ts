import { PRECEDENCE, UNARY_OPERATORS } from './expression.js';
import type { BinaryOperator, Expression, UnaryOperator } from './expression.js';
import { filterError } from './filter-error.js';
import { numberLiteral, textLiteral } from './filter-literals.js';
import { tokenizeFilter } from './tokenize-filter.js';
import type { FilterToken } from './tokenize-filter.js';

/** Deepest nesting: of parentheses and unary operators, so that no filter overflows the stack. */
const MAX_DEPTH = 100;

/**
 * Reads a filter expression.
 *
 * ```text
 * binary  = unary { operator unary }                      by precedence, to the left
 * unary   = { "-" | "+" | "!" | "~" } primary
 * primary = number | text | "(" binary ")" | "$ctx." name | name { "." name | "[" number "]" }
 * ```
 *
 * @throws TracerError `ERR_FILTER` with the column, what was expected there and what came
 * @source lttng-event-rule(7); lttng-tools, src/common/filter
 */
export function parseFilter(filter: string): Expression {
  return new FilterParser(tokenizeFilter(filter)).parse();
}

class FilterParser {
  readonly #tokens: readonly FilterToken[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly FilterToken[]) {
    this.#tokens = tokens;
  }

  parse(): Expression {
    const expression = this.#binary(0);
    const { kind, column } = this.#token;
    if (kind !== 'end') throw filterError(column, 'an operator or the end', this.#got());
    return expression;
  }

  get #token(): FilterToken {
    return this.#tokens[this.#at]!;
  }

  #binary(level: number): Expression {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { kind, text, column } = this.#token;
      const operator = text as BinaryOperator;
      if (kind !== 'sign' || !operators.includes(operator)) return left;
      this.#at += 1;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), column };
    }
  }

  #unary(): Expression {
    const { kind, text, column } = this.#token;
    const operator = text as UnaryOperator;
    if (kind !== 'sign' || !UNARY_OPERATORS.includes(operator)) return this.#primary();
    this.#at += 1;
    return { kind: 'unary', operator, operand: this.#nested(() => this.#unary()), column };
  }

  #primary(): Expression {
    const token = this.#token;
    const { kind, text, column } = token;
    if (kind === 'sign' && text === '(') return this.#parenthesized(column);
    if (kind === 'end' || kind === 'sign')
      throw filterError(column, 'a field or value', this.#got());
    this.#at += 1;
    if (kind === 'number') return numberLiteral(token);
    if (kind === 'text') return textLiteral(token);
    return text.startsWith('$') ? this.#context(text, column) : this.#field(text, column);
  }

  #parenthesized(opened: number): Expression {
    this.#at += 1;
    const inner = this.#nested(() => this.#binary(0));
    this.#take(')', `")" for the "(" of column ${opened}`);
    return inner;
  }

  #context(text: string, column: number): Expression {
    if (text !== '$ctx') throw filterError(column, 'a context as $ctx.NAME', JSON.stringify(text));
    this.#take('.', '"." behind $ctx');
    return { kind: 'context', name: this.#name('the name of a context'), column };
  }

  #field(first: string, column: number): Expression {
    const path: [string, ...(string | number)[]] = [first];
    for (;;)
      if (this.#skip('.')) path.push(this.#name('the name of a member'));
      else if (this.#skip('[')) {
        path.push(this.#index());
        this.#take(']', '"]" behind the number of an element');
      } else return { kind: 'field', path, column };
  }

  #name(expected: string): string {
    const { kind, text, column } = this.#token;
    if (kind !== 'name' || text.startsWith('$')) throw filterError(column, expected, this.#got());
    this.#at += 1;
    return text;
  }

  #index(): number {
    const token = this.#token;
    const index = token.kind === 'number' ? numberLiteral(token).value : -1;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0)
      throw filterError(token.column, 'the number of an element', this.#got());
    this.#at += 1;
    return index;
  }

  #take(sign: string, expected: string): void {
    if (!this.#skip(sign)) throw filterError(this.#token.column, expected, this.#got());
  }

  #skip(sign: string): boolean {
    const { kind, text } = this.#token;
    if (kind !== 'sign' || text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #nested(parse: () => Expression): Expression {
    if (this.#depth === MAX_DEPTH)
      throw filterError(this.#token.column, `at most ${MAX_DEPTH} levels of nesting`, 'one more');
    this.#depth += 1;
    const inner = parse();
    this.#depth -= 1;
    return inner;
  }

  #got(): string {
    const { kind, text } = this.#token;
    return kind === 'end' ? 'the end' : kind === 'text' ? text : JSON.stringify(text);
  }
}
