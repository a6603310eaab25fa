import { describe, expect, it } from 'vitest';
import type { Expression } from '../../src/filter/expression.js';
import { parseFilter } from '../../src/filter/parse-filter.js';
import { TracerError } from '../../src/tracer-error.js';

/** An expression with all of its parentheses. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'text':
      return JSON.stringify(expression.parts.join('*'));
    case 'context':
      return `$${expression.name}`;
    case 'field':
      return expression.path.join('/');
    case 'unary':
      return `(${expression.operator}${shape(expression.operand)})`;
    case 'binary': {
      const { operator, left, right } = expression;
      return `(${shape(left)} ${operator} ${shape(right)})`;
    }
  }
}

describe('a filter', () => {
  it.each([
    ['a == 1', '(a == 1)'],
    [
      'a.b == 1 && $ctx.vtid != 3 || msg == "x*"',
      '(((a/b == 1) && ($vtid != 3)) || (msg == "x*"))',
    ],
    ['a || b && c', '(a || (b && c))'],
    ['2 & 2 == 2', '((2 & 2) == 2)'],
    ['a | b ^ c & d << 1', '(a | (b ^ (c & (d << 1))))'],
    ['a < b == c >= d', '((a < b) == (c >= d))'],
    ['a << 1 << 2', '((a << 1) << 2)'],
    ['!a == -b', '((!a) == (-b))'],
    ['~-+!a', '(~(-(+(!a))))'],
    ['(a || b) && c', '((a || b) && c)'],
    ['msg.user[1].data[2][17]', 'msg/user/1/data/2/17'],
    ['0x10 + 0 == 0', undefined],
    ['0x1F == 017', '(31 == 15)'],
    ['17.34e9 > .5', '(17340000000 > 0.5)'],
    ['18446744073709551615 == a', '(-1 == a)'],
    [String.raw`a == "q\"\\n\*"`, String.raw`(a == "q\"\\n*")`],
  ])('reads %s', (text, expected) => {
    if (expected === undefined) expect(() => parseFilter(text)).toThrow(TracerError);
    else expect(shape(parseFilter(text))).toBe(expected);
  });

  it.each([
    ['', 1, 'expected a field or value, got the end'],
    ['a ==', 5, 'expected a field or value, got the end'],
    ['a == 1 b', 8, 'expected an operator or the end, got "b"'],
    ['a = 1', 3, 'expected a field, value or operator, got "="'],
    ['a + 1', 3, 'expected an operator or the end, got "+"'],
    ['(a == 1', 8, 'expected ")" for the "(" of column 1, got the end'],
    ['a == 1)', 7, 'expected an operator or the end, got ")"'],
    ['a == "x', 6, 'expected a closing " for the text that begins here, got the end'],
    ['a[b]', 3, 'expected the number of an element, got "b"'],
    ['a[-1]', 3, 'expected the number of an element, got "-"'],
    ['a[1', 4, 'expected "]" behind the number of an element, got the end'],
    ['a.', 3, 'expected the name of a member, got the end'],
    ['a.1', 2, 'expected an operator or the end, got ".1"'],
    ['$app.x == 1', 1, 'expected a context as $ctx.NAME, got "$app"'],
    ['$ctx == 1', 6, 'expected "." behind $ctx, got "=="'],
    ['$ctx.', 6, 'expected the name of a context, got the end'],
    ['a == 12z', 6, 'expected a number, got "12z"'],
    ['a == 089', 6, 'expected an octal number behind the leading 0, got 089'],
    [
      'a == 0x10000000000000000',
      6,
      'expected a number of at most 64 bits, got 0x10000000000000000',
    ],
    ['a == 1 && é', 11, 'expected a field, value or operator, got "é"'],
    [`${'('.repeat(101)}a`, 102, 'expected at most 100 levels of nesting, got one more'],
    [`a${' '.repeat(4096)}`, 4097, 'expected at most 4096 characters, got 4097'],
  ])('refuses %s at column %d', (text, column, problem) => {
    let error: unknown;
    try {
      parseFilter(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'ERR_FILTER' });
    expect((error as Error).message).toBe(`filter, column ${column}: ${problem}`);
  });

  it('of any nesting that fits is read without an overflow', () => {
    const long = Array.from({ length: 2000 }, () => '1').join('|');
    expect(shape(parseFilter(long))).toContain('(1 | 1)');
  });
});
