import { describe, expect, it } from 'vitest';
import { parseAnyLitmus } from '../../src/lkmm/parse-any-litmus.js';
import { complaintOf } from '../litmus/complaint.js';
import { tinyLkmm } from './tiny-lkmm.js';

const complaint = (text: string): string => complaintOf(parseAnyLitmus, text);

const DIALECT = 'ERR_LITMUS_DIALECT f:';
const SYNTAX = 'ERR_LITMUS_SYNTAX f:';
const INSTRUCTION = 'ERR_LITMUS_INSTRUCTION f:';
const REFERENCE = 'ERR_LITMUS_REFERENCE f:';

describe('a file of another dialect', () => {
  it.each(['AArch64', 'PPC', 'LISA', 'RISCV', 'ARM', 'X86', 'Bell'])('%s is named', (dialect) => {
    expect(complaint(`${dialect} MP\n{}`)).toBe(
      `${DIALECT}1:1: expected a test in the dialect X86_64 or C, got one in the dialect ${dialect}`,
    );
  });

  it.each([
    ['', `${SYNTAX}1:1: expected the architecture X86_64 or C, got the end of the file`],
    ['VAX MP', `${SYNTAX}1:1: expected the architecture X86_64 or C, got 'VAX'`],
    ['c MP', `${SYNTAX}1:1: expected the architecture X86_64 or C, got 'c'`],
  ])('%j is none at all', (text, expected) => {
    expect(complaint(text)).toBe(expected);
  });
});

describe('a malformed frame', () => {
  it.each([
    ['C', `${SYNTAX}1:2: expected the name of the test, got the end of the file`],
    [
      'C t\n{}',
      `${SYNTAX}2:3: expected the function P0, 'exists', '~exists' or 'forall', got the end of the file`,
    ],
    [
      'C t\n{}\nP1() {}',
      `${SYNTAX}3:1: expected the function P0, 'exists', '~exists' or 'forall', got 'P1'`,
    ],
    ['C t\n{}\nP0 {}', `${SYNTAX}3:4: expected '(', got '{'`],
    [
      'C t\n{}\nP0(int x) {}',
      `${SYNTAX}3:8: expected '*', since parameters point to locations, got 'x'`,
    ],
    ['C t\n{}\nP0(float *x) {}', `${SYNTAX}3:4: expected a type such as int, got 'float'`],
    ['C t\n{}\nP0(int *) {}', `${SYNTAX}3:9: expected the name of a location, got ')'`],
    [
      'C t\n{}\nP0(int *x, int *x) {}',
      `${REFERENCE}3:17: expected a parameter with a name of its own, got 'x'`,
    ],
    ['C t\n{}\nP0(int *x) {', `${SYNTAX}3:13: expected a statement, got the end of the file`],
    [
      'C t\n{}\nP0() {}\n',
      `${SYNTAX}4:1: expected 'exists', '~exists', 'forall' or 'final', got the end of the file`,
    ],
    ['C t\n{}\nP0() {} exists (1:r0=1)', `${REFERENCE}3:17: expected thread 0, got '1'`],
    ['C t\n{}\nP0() {} exists (0:r0=1)', `${REFERENCE}3:19: expected a variable of P0, got 'r0'`],
    [
      'C t\n{ 0:r1=1; }\nP0() {} exists (true)',
      `${REFERENCE}2:5: expected a variable of P0, got 'r1'`,
    ],
    ['C t\n{ quad x; }\nP0() {}', `${SYNTAX}2:3: expected a type such as int, got 'quad'`],
    [
      'C t\n{ int x = 1 }\nP0() {} filter x=1',
      `${SYNTAX}3:19: expected 'exists', '~exists', 'forall' or 'final', got the end of the file`,
    ],
    [
      'C t\n{}\nP0() { /* }',
      `${SYNTAX}3:8: expected '*/' to close this comment, got the end of the file`,
    ],
  ])('%j', (text, expected) => {
    expect(complaint(text)).toBe(expected);
  });
});

describe('a malformed function', () => {
  it.each([
    ['r0', `${SYNTAX}5:1: expected an assignment, got '}'`],
    ['r0 = 1', `${SYNTAX}5:1: expected ';' behind the statement, got '}'`],
    ['r0 = ;', `${SYNTAX}4:6: expected an expression, got ';'`],
    ['r0 = r1;', `${REFERENCE}4:6: expected a parameter or a variable of P0, got 'r1'`],
    ['int x;', `${REFERENCE}4:5: expected a variable, not a parameter, got 'x'`],
    ['int 5;', `${SYNTAX}4:5: expected the name of a variable, got '5'`],
    ['int r0 r1;', `${SYNTAX}4:8: expected '=', ',' or ';' behind the variable, got 'r1'`],
    ['x = 1;', `${REFERENCE}4:1: expected a variable, not a parameter, got 'x'`],
    ['5 = 1;', `${SYNTAX}4:1: expected a statement, got '5'`],
    [
      'r0 = 99999999999;',
      `${SYNTAX}4:6: expected an integer from -2147483648 to 4294967295 (32 bits), got '99999999999'`,
    ],
    ['r0 = (1;', `${SYNTAX}4:8: expected an operator or ')', got ';'`],
    ['r0 = (int 1;', `${SYNTAX}4:11: expected '*' or ')' behind the type of a cast, got '1'`],
    ['r0 = 1 / 2;', `${SYNTAX}4:8: expected ';' behind the statement, got '/'`],
    ['r0 = 1 ? 2;', `${SYNTAX}4:11: expected ':' of a conditional expression, got ';'`],
    ['r0 = &1;', `${SYNTAX}4:7: expected something with an address, such as *x, got '1'`],
    ['r0 = x[0];', `${SYNTAX}4:7: expected ';' behind the statement, got '['`],
    ['READ_ONCE(x);', `${SYNTAX}4:11: expected something to assign to, such as *x, got 'x'`],
    ['WRITE_ONCE(*x);', `${SYNTAX}4:14: expected ',' and one more argument, got ')'`],
    ['WRITE_ONCE(*x, 1, 2);', `${SYNTAX}4:17: expected an operator or ')', got ','`],
    ['smp_mb(1);', `${SYNTAX}4:8: expected ')', got '1'`],
    ['smp_mb()', `${SYNTAX}5:1: expected ';' behind the statement, got '}'`],
    ['smp_load_acquire(1);', `${REFERENCE}4:18: expected a pointer to a word, got '1'`],
    ['smp_load_acquire(l);', `${REFERENCE}4:18: expected a pointer to a word, got 'l'`],
    ['READ_ONCE(*l);', `${REFERENCE}4:12: expected a location that holds a word, got 'l'`],
    ['spin_lock(x);', `${REFERENCE}4:11: expected a pointer to a spinlock_t, got 'x'`],
    [
      'synchronize_srcu(l);',
      `${REFERENCE}4:18: expected a pointer to a struct srcu_struct, got 'l'`,
    ],
    ['srcu_read_unlock(s);', `${SYNTAX}4:19: expected ',' and one more argument, got ')'`],
    [
      'call_rcu(x);',
      `${INSTRUCTION}4:1: expected a primitive of the Linux kernel memory model, got 'call_rcu'`,
    ],
    ['r0 = smp_mb();', `${INSTRUCTION}4:6: expected a primitive that gives a value, got 'smp_mb'`],
    [
      'r0 = spin_lock(l);',
      `${INSTRUCTION}4:6: expected a primitive that gives a value, got 'spin_lock'`,
    ],
    [
      'r0 = 1 && spin_trylock(l);',
      `${INSTRUCTION}4:11: expected a call that is made in any case, not behind '&&', '||' or '?', got 'spin_trylock'`,
    ],
    ['if 1 {}', `${SYNTAX}4:4: expected '(', got '1'`],
    ['if (1 {}', `${SYNTAX}4:7: expected an operator or ')', got '{'`],
    ['else {}', `${SYNTAX}4:6: expected an assignment, got '{'`],
    ['do {} until (1);', `${SYNTAX}4:7: expected 'while', got 'until'`],
    ['do {} while (0)', `${SYNTAX}5:1: expected ';' behind the loop, got '}'`],
    ['for (;;', `${SYNTAX}5:1: expected a statement, got '}'`],
    ['for (r0 = 0) ;', `${SYNTAX}4:12: expected ';' behind the first part of the loop, got ')'`],
    ['for (r0 = 0; r0) ;', `${SYNTAX}4:16: expected ';' behind the condition of the loop, got ')'`],
    ['break;', `${SYNTAX}4:1: expected a loop around this, got 'break'`],
    ['while (1) { continue }', `${SYNTAX}4:22: expected ';' behind 'continue', got '}'`],
    ['return 1;', `${SYNTAX}4:8: expected an assignment, got '1'`],
    ['r0 = `1`;', `${SYNTAX}4:6: expected an expression, got '\`'`],
  ])('%j', (body, expected) => {
    expect(complaint(tinyLkmm({ body }))).toBe(expected);
  });

  it('is refused without exhausting the stack, however deep it nests', () => {
    const deep = 20_000;
    expect(complaint(tinyLkmm({ body: `r0 = ${'('.repeat(deep)}1` }))).toContain(
      'at most 100 deep',
    );
    expect(complaint(tinyLkmm({ body: `r0 = ${'!'.repeat(deep)}1` }))).toContain(
      'at most 100 deep',
    );
    expect(complaint(tinyLkmm({ body: 'if (1) '.repeat(deep) }))).toContain('at most 100 deep');
    expect(complaint(tinyLkmm({ body: '{'.repeat(deep) }))).toContain('at most 100 deep');
  });
});
