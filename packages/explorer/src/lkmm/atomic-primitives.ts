import type { BinaryOperator, CExpression, UpdateOperation } from './c-expression.js';
import { actionPrimitive, valuePrimitive, type Primitive } from './primitive.js';

/** The variants of an atomic primitive; the machine's atomic operations order everything anyway. */
const ORDERS = ['', '_relaxed', '_acquire', '_release'] as const;

const ONE: CExpression = { kind: 'constant', value: 1 };

interface Arithmetic {
  readonly name: string;
  readonly operation: UpdateOperation;
  /** What is added, anded, ...: made of the argument, or of 1 where there is none. */
  readonly operand: (given: CExpression) => CExpression;
  readonly takesOperand: boolean;
}

const plain = (given: CExpression): CExpression => given;
const negated = (operand: CExpression): CExpression =>
  operand === ONE ? { kind: 'constant', value: -1 } : { kind: 'unary', operator: '-', operand };
const inverted = (operand: CExpression): CExpression => ({
  kind: 'unary',
  operator: '~',
  operand,
});

const ARITHMETIC: readonly Arithmetic[] = [
  { name: 'add', operation: 'add', operand: plain, takesOperand: true },
  { name: 'sub', operation: 'add', operand: negated, takesOperand: true },
  { name: 'inc', operation: 'add', operand: plain, takesOperand: false },
  { name: 'dec', operation: 'add', operand: negated, takesOperand: false },
  { name: 'and', operation: 'and', operand: plain, takesOperand: true },
  { name: 'or', operation: 'or', operand: plain, takesOperand: true },
  { name: 'xor', operation: 'xor', operand: plain, takesOperand: true },
  { name: 'andnot', operation: 'and', operand: inverted, takesOperand: true },
];

/**
 * The primitives on `atomic_t`, and `xchg` and `cmpxchg` on any word.
 *
 * @source Documentation/atomic_t.txt, tools/memory-model/linux-kernel.def
 */
export const ATOMIC_PRIMITIVES: ReadonlyMap<string, Primitive> = new Map([
  ...ARITHMETIC.flatMap(arithmeticPrimitives),
  ...testPrimitives(),
  ...['', 'atomic_'].flatMap(exchangePrimitives),
  ['atomic_add_unless', valuePrimitive(['pointer', 'value', 'value'], addUnless)],
  [
    'atomic_inc_not_zero',
    valuePrimitive(['pointer'], ([at]) => addUnless([at!, ONE, { kind: 'constant', value: 0 }])),
  ],
]);

function arithmeticPrimitives(form: Arithmetic): [string, Primitive][] {
  const { name, operation, operand, takesOperand } = form;
  const parameters = takesOperand ? (['value', 'pointer'] as const) : (['pointer'] as const);
  const update =
    (gives: 'old' | 'new') =>
    (given: readonly CExpression[]): CExpression => ({
      kind: 'update',
      operation,
      address: given.at(-1)!,
      operand: operand(takesOperand ? given[0]! : ONE),
      gives,
    });
  const found: [string, Primitive][] = [
    [
      `atomic_${name}`,
      actionPrimitive(parameters, (given) => [{ kind: 'evaluate', value: update('old')(given) }]),
    ],
  ];
  for (const order of ORDERS) {
    found.push([`atomic_fetch_${name}${order}`, valuePrimitive(parameters, update('old'))]);
    if (operation === 'add')
      found.push([`atomic_${name}_return${order}`, valuePrimitive(parameters, update('new'))]);
  }
  return found;
}

function testPrimitives(): [string, Primitive][] {
  const test = (
    name: string,
    operand: (given: CExpression) => CExpression,
    takesOperand: boolean,
    operator: BinaryOperator,
  ): [string, Primitive] => [
    name,
    valuePrimitive(takesOperand ? ['value', 'pointer'] : ['pointer'], (given) => ({
      kind: 'binary',
      operator,
      left: {
        kind: 'update',
        operation: 'add',
        address: given.at(-1)!,
        operand: operand(takesOperand ? given[0]! : ONE),
        gives: 'new',
      },
      right: { kind: 'constant', value: 0 },
    })),
  ];
  return [
    test('atomic_sub_and_test', negated, true, '=='),
    test('atomic_dec_and_test', negated, false, '=='),
    test('atomic_inc_and_test', plain, false, '=='),
    test('atomic_add_negative', plain, true, '<'),
  ];
}

function exchangePrimitives(prefix: string): [string, Primitive][] {
  return ORDERS.flatMap((order): [string, Primitive][] => [
    [
      `${prefix}xchg${order}`,
      valuePrimitive(['pointer', 'value'], ([address, operand]) => ({
        kind: 'update',
        operation: 'exchange',
        address: address!,
        operand: operand!,
        gives: 'old',
      })),
    ],
    [
      `${prefix}cmpxchg${order}`,
      valuePrimitive(['pointer', 'value', 'value'], ([address, expected, desired]) => ({
        kind: 'compare-exchange',
        address: address!,
        expected: expected!,
        desired: desired!,
      })),
    ],
  ]);
}

function addUnless([address, operand, unless]: readonly CExpression[]): CExpression {
  return { kind: 'add-unless', address: address!, operand: operand!, unless: unless! };
}
