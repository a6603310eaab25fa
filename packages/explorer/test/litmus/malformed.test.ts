import { describe, expect, it } from 'vitest';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { complaintOf } from './complaint.js';
import { tinyLitmus } from './tiny-litmus.js';

const complaint = (text: string): string => complaintOf(parseLitmus, text);

const DIALECT = 'ERR_LITMUS_DIALECT f:';
const SYNTAX = 'ERR_LITMUS_SYNTAX f:';
const INSTRUCTION = 'ERR_LITMUS_INSTRUCTION f:';
const REFERENCE = 'ERR_LITMUS_REFERENCE f:';
const two = { columns: 'P0 | P1 ;', rows: 'mfence | mfence ;' };

describe('a malformed header', () => {
  it.each([
    ['', `${SYNTAX}1:1: expected the architecture X86_64, got the end of the file`],
    ['  \n\n', `${SYNTAX}3:1: expected the architecture X86_64, got the end of the file`],
    [
      'AArch64 MP\n{}',
      `${DIALECT}1:1: expected a test in the dialect X86_64, got one in the dialect AArch64`,
    ],
    ['C MP\n{}', `${DIALECT}1:1: expected a test in the dialect X86_64, got one in the dialect C`],
    ['VAX MP\n{}', `${SYNTAX}1:1: expected the architecture X86_64, got 'VAX'`],
    [
      'X86 SB\n{}',
      `${DIALECT}1:1: expected a test in the dialect X86_64, got one in the dialect X86`,
    ],
    ['X86_64', `${SYNTAX}1:7: expected the name of the test, got the end of the file`],
    ['X86_64\n{ }', `${SYNTAX}1:7: expected the name of the test, got the end of the line`],
    ['X86_64 SB two\n{ }', `${SYNTAX}1:11: expected the end of the line, got 'two'`],
    [
      'X86_64 SB\n"doc\n{ }',
      `${SYNTAX}2:1: expected '"' to close this string, got the end of the file`,
    ],
    [
      'X86_64 SB\n(* doc\n{ }',
      `${SYNTAX}2:1: expected '*)' to close this comment, got the end of the file`,
    ],
    [
      'X86_64 SB\nno metadata\n{ }',
      `${SYNTAX}2:1: expected a line 'Key=Value' or '{' to open the init block, got 'no metadata'`,
    ],
    [
      'X86_64 SB',
      `${SYNTAX}1:10: expected a line 'Key=Value' or '{' to open the init block, got the end of the file`,
    ],
    ['\0\x01\x7f', `${SYNTAX}1:1: expected the architecture X86_64, got '\0\x01\x7f'`],
  ])('%j', (text, expected) => {
    expect(complaint(text)).toBe(expected);
  });
});

describe('a malformed init block', () => {
  it.each([
    ['{ x=0', `${SYNTAX}3:1: expected ';' or '}', got 'P0'`],
    ['{ x=; }', `${SYNTAX}2:5: expected an integer or the name of a location, got ';'`],
    ['{ x=&1; }', `${SYNTAX}2:6: expected the name of a location, got '1'`],
    ['{ x=1 y=1; }', `${SYNTAX}2:7: expected ';' or '}', got 'y'`],
    ['{ =1; }', `${SYNTAX}2:3: expected a declaration, an initial value or '}', got '='`],
    ['{ uint46_t x; }', `${SYNTAX}2:3: expected a type such as uint64_t, got 'uint46_t'`],
    ['{ uint64_t *=1; }', `${SYNTAX}2:13: expected a location, got '='`],
    ['{ uint64_t t[2]; }', `${SYNTAX}2:13: expected ';' or '}', got '['`],
    ['{ [x=1; }', `${SYNTAX}2:5: expected ']', got '='`],
    ['{ x=1; x=2; }', `${REFERENCE}2:8: expected one initial value of x, got 'x'`],
    ['{ 0:rax=1; 0:eax=2; }', `${REFERENCE}2:12: expected one initial value of 0:rax, got '0'`],
    ['{ 0:rxx=1; }', `${INSTRUCTION}2:5: expected a general register, got 'rxx'`],
    ['{ 0:=1; }', `${INSTRUCTION}2:5: expected a general register, got '='`],
    ['{ 1:rax=1; }', `${REFERENCE}2:3: expected thread 0, got '1'`],
    ['{ -1:rax=1; }', `${REFERENCE}2:3: expected thread 0, got '-1'`],
    [
      '{ x=4294967296; }',
      `${SYNTAX}2:5: expected an integer from -2147483648 to 4294967295 (32 bits), got '4294967296'`,
    ],
    [
      '{ x=-2147483649; }',
      `${SYNTAX}2:5: expected an integer from -2147483648 to 4294967295 (32 bits), got '-2147483649'`,
    ],
    ['{ x=€; }', `${SYNTAX}2:5: expected an integer or the name of a location, got '€'`],
  ])('%j', (init, expected) => {
    expect(complaint(tinyLitmus({ init }))).toBe(expected);
  });

  it('says that the file ends where a brace is not closed', () => {
    expect(complaint('X86_64 t\n{ x=1;')).toBe(
      `${SYNTAX}2:7: expected a declaration, an initial value or '}', got the end of the file`,
    );
  });
});

describe('malformed columns and rows', () => {
  it.each([
    [{ columns: 'P1 ;' }, `${SYNTAX}3:1: expected the column P0, got 'P1'`],
    [{ columns: 'P0 | P2 ;' }, `${SYNTAX}3:6: expected the column P1, got 'P2'`],
    [{ columns: 'P0 P1 ;' }, `${SYNTAX}3:4: expected '|' or ';', got 'P1'`],
    [{ columns: '' }, `${SYNTAX}4:1: expected the column P0, got 'movq'`],
    [{ rows: 'movq $1,(x)' }, `${SYNTAX}5:1: expected ';' behind the cell of P0, got 'exists'`],
    [{ rows: 'mfence mfence ;' }, `${SYNTAX}4:8: expected ';' behind the cell of P0, got 'mfence'`],
    [{ rows: 'mfence | mfence ;' }, `${SYNTAX}4:8: expected ';' behind the cell of P0, got '|'`],
    [{ ...two, rows: 'mfence ;' }, `${SYNTAX}4:8: expected '|' behind the cell of P0, got ';'`],
    [{ rows: '$1 ;' }, `${SYNTAX}4:1: expected an instruction, a label, '|' or ';', got '$'`],
    [{ rows: '1: nop ;' }, `${SYNTAX}4:1: expected a label, got '1'`],
    [
      { rows: 'L: nop ;\nL: ;' },
      `${REFERENCE}5:1: expected a label that this thread does not have yet, got 'L'`,
    ],
    [{ rows: 'je L ;' }, `${REFERENCE}4:4: expected a label of P0, got 'L'`],
    [{ ...two, rows: 'L: nop | jmp L ;' }, `${REFERENCE}4:14: expected a label of P1, got 'L'`],
    [{ rows: 'jmp ;' }, `${SYNTAX}4:5: expected a label, got ';'`],
    [{ rows: 'jmp 1 ;' }, `${SYNTAX}4:5: expected a label, got '1'`],
  ])('%j', (parts, expected) => {
    expect(complaint(tinyLitmus(parts))).toBe(expected);
  });
});

describe('a malformed instruction', () => {
  it.each([
    ['movq', `${SYNTAX}4:6: expected an operand such as %rax, $1, (x) or (%rax), got ';'`],
    ['movq $1', `${SYNTAX}4:9: expected ',', got ';'`],
    ['movq $1 (x)', `${SYNTAX}4:9: expected ',', got '('`],
    ['movq $1,', `${SYNTAX}4:10: expected an operand such as %rax, $1, (x) or (%rax), got ';'`],
    ['movq 1,%rax', `${SYNTAX}4:6: expected an operand such as %rax, $1, (x) or (%rax), got '1'`],
    ['movq $,%rax', `${SYNTAX}4:7: expected an integer or a location behind $, got ','`],
    ['movq $1,(x', `${SYNTAX}4:12: expected ')', got ';'`],
    ['movq $1,(x]', `${SYNTAX}4:11: expected ')', got ']'`],
    ['movq $1,()', `${SYNTAX}4:10: expected a location or a register, got ')'`],
    ['movq $1,x(y)', `${SYNTAX}4:11: expected a register, got 'y'`],
    ['movq $1,x(%rip', `${SYNTAX}4:16: expected ')', got ';'`],
    ['movq $1,(%rax,)', `${SYNTAX}4:15: expected an index register, got ')'`],
    ['movq $1,(%rax,%rbx,3)', `${SYNTAX}4:20: expected a scale of 1, 2, 4 or 8, got '3'`],
    [
      'movq $1,(%eax)',
      `${INSTRUCTION}4:10: expected a 64-bit register to hold an address, got '%eax'`,
    ],
    ['movq $1,%rxx', `${INSTRUCTION}4:9: expected a general register, got '%rxx'`],
    ['movb $1,%ah', `${INSTRUCTION}4:9: expected a general register, got '%ah'`],
    ['movq %rax,$1', `${INSTRUCTION}4:11: expected a register or memory, got '$1'`],
    [
      'movq (x),(y)',
      `${INSTRUCTION}4:6: expected a constant or a register, since the destination is memory, got '(x)'`,
    ],
    ['movq (x),%eax', `${INSTRUCTION}4:10: expected a 64-bit register (q), got '%eax'`],
    ['movl %rax,(x)', `${INSTRUCTION}4:6: expected a 32-bit register (l), got '%rax'`],
    ['mov %rax,%ebx', `${INSTRUCTION}4:10: expected a 64-bit register (q), got '%ebx'`],
    ['leaq %rax,%rbx', `${INSTRUCTION}4:6: expected a memory operand, got '%rax'`],
    ['leaq (x),(y)', `${INSTRUCTION}4:10: expected a register, got '(y)'`],
    ['leab (x),%al', `${INSTRUCTION}4:1: expected an address of 16, 32 or 64 bits, got 'leab'`],
    ['xchgq $1,(x)', `${INSTRUCTION}4:7: expected a register, got '$1'`],
    ['xchgq (x),(y)', `${INSTRUCTION}4:11: expected a register, got '(y)'`],
    ['xchgb %al,(x)', `${INSTRUCTION}4:1: expected an atomic access of 32 or 64 bits, got 'xchgb'`],
    ['lock incw (x)', `${INSTRUCTION}4:6: expected an atomic access of 32 or 64 bits, got 'incw'`],
    ['lock incq %rax', `${INSTRUCTION}4:11: expected a memory operand, got '%rax'`],
    [
      'lock mfence',
      `${INSTRUCTION}4:6: expected an instruction that may be locked (add, sub, and, or, xor, inc, dec, xchg, xadd, cmpxchg), got 'mfence'`,
    ],
    ['incq $1', `${INSTRUCTION}4:6: expected a register or memory, got '$1'`],
  ])('%s', (text, expected) => {
    expect(complaint(tinyLitmus({ rows: `${text} ;` }))).toBe(expected);
  });

  it('says which instructions there are when one is not known', () => {
    expect(complaint(tinyLitmus({ rows: 'movnti %rax,(x) ;' }))).toMatch(
      /^ERR_LITMUS_INSTRUCTION f:4:1: expected an instruction \(.*mov, .*mfence, .*\), got 'movnti'$/,
    );
  });
});

describe('a malformed condition', () => {
  it.each([
    [
      '',
      `${SYNTAX}5:1: expected 'exists', '~exists', 'forall' or 'final', got the end of the file`,
    ],
    ['~ x=1', `${SYNTAX}5:3: expected 'exists', got 'x'`],
    [
      'exists',
      `${SYNTAX}5:7: expected a proposition such as 0:rax=1 or x=1, got the end of the file`,
    ],
    ['exists ()', `${SYNTAX}5:9: expected a proposition such as 0:rax=1 or x=1, got ')'`],
    ['exists (x=1', `${SYNTAX}5:12: expected '/\\', '\\/', '=>' or ')', got the end of the file`],
    ['exists (x)', `${SYNTAX}5:10: expected '=' or '!=', got ')'`],
    ['exists (x=)', `${SYNTAX}5:11: expected an integer or the name of a location, got ')'`],
    [
      'exists x=1 /\\',
      `${SYNTAX}5:14: expected a proposition such as 0:rax=1 or x=1, got the end of the file`,
    ],
    [
      'exists x=1 y=1',
      `${SYNTAX}5:12: expected '/\\', '\\/', '=>' or the end of the file, got 'y'`,
    ],
    ['exists (x=1))', `${SYNTAX}5:13: expected '/\\', '\\/', '=>' or the end of the file, got ')'`],
    [
      'exists (x=1) & (x=2)',
      `${SYNTAX}5:14: expected '/\\', '\\/', '=>' or the end of the file, got '&'`,
    ],
    ['exists (0:zax=1)', `${INSTRUCTION}5:11: expected a general register, got 'zax'`],
    ['exists (3:rax=1)', `${REFERENCE}5:9: expected thread 0, got '3'`],
    ['exists (P9:rax=1)', `${REFERENCE}5:9: expected thread 0, got 'P9'`],
    [
      'exists (x=1)\nexists (x=2)',
      `${SYNTAX}6:1: expected '/\\', '\\/', '=>' or the end of the file, got 'exists'`,
    ],
    ['locations [x; exists (x=1)', `${SYNTAX}5:22: expected ';' or ']', got '('`],
    ['locations [1]', `${SYNTAX}5:12: expected a register, a location or ']', got '1'`],
    [
      'locations [x;] sometimes',
      `${SYNTAX}5:16: expected 'exists', '~exists', 'forall' or 'final', got 'sometimes'`,
    ],
  ])('%j', (condition, expected) => {
    expect(complaint(tinyLitmus({ condition }))).toBe(expected);
  });

  it('names the range of threads that there are', () => {
    expect(complaint(tinyLitmus({ ...two, condition: 'exists (2:rax=0)' }))).toBe(
      `${REFERENCE}5:9: expected a thread from 0 to 1, got '2'`,
    );
  });

  it.each(['(', 'not ', 'x=1 => '])('is refused when %j nests too deep', (opening) => {
    const condition = `exists ${opening.repeat(100_000)}x=1`;
    expect(complaint(tinyLitmus({ condition }))).toContain('nested at most 200 deep');
  });

  it('may be as long as it likes', () => {
    const condition = `exists (${Array.from({ length: 20_000 }, () => 'x=1').join(' /\\ ')})`;
    expect(complaint(tinyLitmus({ condition }))).toBe('nothing');
  });
});
