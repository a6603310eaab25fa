import { describe, expect, it } from 'vitest';
import { observableKey } from '../../src/litmus/observable.js';
import type { CStatement } from '../../src/lkmm/c-statement.js';
import { parseLkmm } from '../../src/lkmm/parse-lkmm.js';
import { PRIMITIVES } from '../../src/lkmm/primitives.js';
import { tinyLkmm } from './tiny-lkmm.js';

/** The statements of a body, without their places. */
function statements(body: string): readonly object[] {
  const test = parseLkmm(tinyLkmm({ body }), 'f');
  return test.threads[0]!.body.map(bare);
}

function bare(statement: CStatement): object {
  const { position: _position, text: _text, ...rest } = { position: 0, text: '', ...statement };
  return rest;
}

const x = { kind: 'address', location: 'x' };
const constant = (value: number) => ({ kind: 'constant', value });
const r0 = { kind: 'variable', name: 'r0' };
const load = { kind: 'load', address: x, order: 'plain' };

describe('parseLkmm', () => {
  it('reads name, initial values, functions, filter and condition', () => {
    const text = `C name/of+it.x
"what it is about"
Result=Never
(* a comment (* in another *) *)
{
  int x = 1; int *p = &y; spinlock_t l; struct srcu_struct s; // declared
  atomic_t n = ATOMIC_INIT(-2); 0:r0 = 5;
}
P0(int *x, volatile int **p, atomic_t *n, spinlock_t *l, struct srcu_struct *s)
{ /* in C */ int r0; }
static void P1(void) { long unsigned r1 = 0x10UL, *r2; }
locations [0:r0; n;]
filter (x=1)
~exists (1:r1=16 /\\ p=y)`;
    const test = parseLkmm(text, 'file');
    expect(test).toMatchObject({
      file: 'file',
      name: 'name/of+it.x',
      doc: 'what it is about',
      initial: [
        { observable: { location: 'x' }, type: 'int', value: 1 },
        { observable: { location: 'p' }, type: 'int *', value: 'y' },
        { observable: { location: 'l' }, type: 'spinlock_t' },
        { observable: { location: 's' }, type: 'struct srcu_struct' },
        { observable: { location: 'n' }, type: 'atomic_t', value: -2 },
        { observable: { thread: 0, register: 'r0' }, value: 5 },
      ],
      condition: { quantifier: 'not-exists' },
      filter: { kind: 'has-value', value: 1 },
    });
    expect(test.metadata.get('Result')).toBe('Never');
    expect(test.threads.map(({ variables }) => variables)).toEqual([['r0'], ['r1', 'r2']]);
    expect([...test.threads[0]!.parameters.values()]).toEqual([
      ...['word', 'word', 'word', 'lock', 'srcu'],
    ]);
    expect(test.observed.map(observableKey)).toEqual(['0:r0', '1:r1', '[n]', '[p]', '[x]']);
    expect(test.locations).toEqual(['l', 'n', 'p', 's', 'x', 'y']);
  });

  it('knows the place and the text of every statement', () => {
    const [statement] = parseLkmm(tinyLkmm({ body: '\tWRITE_ONCE(*x, 1);' }), 'f').threads[0]!.body;
    expect(statement).toMatchObject({
      position: { line: 4, column: 2 },
      text: 'WRITE_ONCE(*x, 1)',
    });
  });
});

describe('a statement', () => {
  it.each<readonly [string, readonly object[]]>([
    ['r0 = 1;', [{ kind: 'assign', variable: 'r0', value: constant(1) }]],
    ['int *r0 = (int *)x;', [{ kind: 'assign', variable: 'r0', value: x }]],
    ['*x = 1;', [{ kind: 'store', address: x, value: constant(1), order: 'plain' }]],
    ['r0 = *x;', [{ kind: 'assign', variable: 'r0', value: load }]],
    ['r0 = *&*x;', [{ kind: 'assign', variable: 'r0', value: load }]],
    [
      '*x += 2;',
      [
        {
          kind: 'store',
          address: x,
          value: { kind: 'binary', operator: '+', left: load, right: constant(2) },
          order: 'plain',
        },
      ],
    ],
    [
      'WRITE_ONCE(*(intptr_t *)x, 1);',
      [{ kind: 'store', address: x, value: constant(1), order: 'plain' }],
    ],
    [
      'smp_store_release(x, 1);',
      [{ kind: 'store', address: x, value: constant(1), order: 'release' }],
    ],
    [
      'rcu_assign_pointer(*(intptr_t **)x, (intptr_t *)y);',
      [{ kind: 'store', address: x, value: { kind: 'address', location: 'y' }, order: 'release' }],
    ],
    [
      'smp_store_mb(*x, 1);',
      [
        { kind: 'store', address: x, value: constant(1), order: 'plain' },
        { kind: 'fence', fence: 'full' },
      ],
    ],
    [
      'smp_rmb(); smp_wmb();',
      [
        { kind: 'fence', fence: 'read' },
        { kind: 'fence', fence: 'write' },
      ],
    ],
    ['barrier(); ; {}', []],
    ['READ_ONCE(*x);', [{ kind: 'evaluate', value: load }]],
    ['rcu_read_lock();', [{ kind: 'call', call: 'rcu_read_lock', arguments: [] }]],
    [
      'int r0 = srcu_read_lock(s);',
      [
        {
          kind: 'call',
          call: 'srcu_read_lock',
          arguments: [{ kind: 'address', location: 's' }],
          into: 'r0',
        },
      ],
    ],
  ])('%s', (body, expected) => {
    expect(statements(body)).toEqual(expected);
  });

  it('makes a call inside of an expression first', () => {
    expect(statements('if (!spin_trylock(l)) r0 = 1;')).toMatchObject([
      { kind: 'call', call: 'spin_trylock', into: 'spin_trylock#0' },
      { kind: 'if', condition: { kind: 'unary', operand: { name: 'spin_trylock#0' } } },
    ]);
  });

  it('takes loops apart', () => {
    const leave = { kind: 'if', then: [], otherwise: [{ kind: 'break' }] };
    expect(statements('while (READ_ONCE(*x)) continue;')).toMatchObject([
      { kind: 'loop', body: [{ ...leave, condition: load }, { kind: 'continue' }], step: [] },
    ]);
    expect(statements('do { break; } while (*x);')).toMatchObject([
      { kind: 'loop', body: [{ kind: 'break' }], step: [leave] },
    ]);
    expect(statements('for (r0 = 0; r0 < 2; r0++) ;')).toMatchObject([
      { kind: 'assign', variable: 'r0' },
      {
        kind: 'loop',
        body: [{ ...leave, condition: { operator: '<', left: r0 } }],
        step: [{ kind: 'assign', value: { operator: '+', left: r0, right: constant(1) } }],
      },
    ]);
  });
});

describe('an expression', () => {
  const valueOf = (text: string): object =>
    (statements(`r0 = 0; r0 = ${text};`)[1] as { readonly value: object }).value;

  it('binds as in C', () => {
    expect(valueOf('1 + 2 * 3 == r0 && 4 | 5 & 6')).toMatchObject({
      kind: 'logical',
      operator: '&&',
      left: {
        operator: '==',
        left: { operator: '+', right: { operator: '*' } },
        right: r0,
      },
      right: { operator: '|', right: { operator: '&' } },
    });
    expect(valueOf('1 - 2 - 3')).toMatchObject({ left: { operator: '-' }, right: constant(3) });
    expect(valueOf('r0 ? 1 : r0 ? 2 : 3')).toMatchObject({
      kind: 'choice',
      otherwise: { kind: 'choice' },
    });
    expect(valueOf('-(~r0) << 1')).toMatchObject({ operator: '<<', left: { operator: '-' } });
  });

  it.each<readonly [string, object]>([
    ['smp_load_acquire(x)', { kind: 'load', order: 'acquire' }],
    ['rcu_dereference(*(int **)x)', { kind: 'load', order: 'plain' }],
    ['xchg_release(x, 2)', { kind: 'update', operation: 'exchange', gives: 'old' }],
    ['cmpxchg(x, 1, 2)', { kind: 'compare-exchange', expected: constant(1), desired: constant(2) }],
    ['atomic_add_return(2, x)', { operation: 'add', operand: constant(2), gives: 'new' }],
    ['atomic_fetch_dec(x)', { operation: 'add', operand: constant(-1), gives: 'old' }],
    ['atomic_fetch_andnot(3, x)', { operation: 'and', operand: { kind: 'unary', operator: '~' } }],
    ['atomic_dec_and_test(x)', { operator: '==', left: { gives: 'new' }, right: constant(0) }],
    [
      'atomic_add_unless(x, 1, 0)',
      { kind: 'add-unless', operand: constant(1), unless: constant(0) },
    ],
    ['spin_is_locked(l)', { operator: '!=', left: { kind: 'load' } }],
  ])('%s', (text, expected) => {
    expect(valueOf(text)).toMatchObject(expected);
  });
});

describe('the primitives', () => {
  it('have every order of every atomic form', () => {
    for (const order of ['', '_relaxed', '_acquire', '_release']) {
      for (const form of ['xchg', 'cmpxchg', 'atomic_xchg', 'atomic_cmpxchg'])
        expect(PRIMITIVES.has(`${form}${order}`)).toBe(true);
      for (const name of ['add', 'sub', 'inc', 'dec'])
        expect(PRIMITIVES.has(`atomic_${name}_return${order}`)).toBe(true);
      for (const name of ['add', 'sub', 'inc', 'dec', 'and', 'or', 'xor', 'andnot'])
        expect(PRIMITIVES.has(`atomic_fetch_${name}${order}`)).toBe(true);
    }
  });
});
