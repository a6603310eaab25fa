import type { BinaryOperator } from './expression.js';
import { filterError } from './filter-error.js';
import { operandName } from './filter-operand.js';
import type {
  EnumerationOperand,
  FilterSubject,
  NumberOperand,
  Operand,
} from './filter-operand.js';
import { and64, or64, shiftLeft64, shiftRight64, xor64 } from './signed-64.js';
import type { Signed64 } from './signed-64.js';
import { truth } from './truth.js';

type Comparison = (a: number | bigint, b: number | bigint) => boolean;
type Bitwise = (a: Signed64, b: Signed64, subject: FilterSubject) => Signed64;

const ORDERS: Readonly<Partial<Record<BinaryOperator, Comparison>>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const BITWISE: Readonly<Partial<Record<BinaryOperator, Bitwise>>> = {
  '&': and64,
  '|': or64,
  '^': xor64,
  '<<': (a, b, subject) => (isShift(b, subject) ? shiftLeft64(a, b) : 0),
  '>>': (a, b, subject) => (isShift(b, subject) ? shiftRight64(a, b) : 0),
};

/** An operation on two operands. @throws TracerError `ERR_FILTER` for types that it does not take */
export function binaryOperand(
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
  column: number,
): NumberOperand {
  if (operator === '&&' || operator === '||') return logical(operator, left, right, column);
  if (operator === '==' || operator === '!=') return equality(operator, left, right, column);
  const [first, second] = [asNumber(left), asNumber(right)];
  const order = ORDERS[operator];
  if (first === undefined || second === undefined)
    throw refused(operator, order === undefined ? 'integers' : 'numbers', left, right, column);
  if (order !== undefined)
    return condition((each) => order(first.evaluate(each), second.evaluate(each)));
  if (first.isFloat || second.isFloat) throw refused(operator, 'integers', left, right, column);
  const bitwise = BITWISE[operator]!;
  return {
    kind: 'number',
    isFloat: false,
    evaluate: (each) => bitwise(first.evaluate(each), second.evaluate(each), each),
  };
}

function logical(
  operator: '&&' | '||',
  left: Operand,
  right: Operand,
  column: number,
): NumberOperand {
  const { evaluate: first } = truth(left, column);
  const { evaluate: second } = truth(right, column);
  return operator === '&&'
    ? condition((each) => first(each) === 1 && second(each) === 1)
    : condition((each) => first(each) === 1 || second(each) === 1);
}

function equality(
  operator: '==' | '!=',
  left: Operand,
  right: Operand,
  column: number,
): NumberOperand {
  const isEqual = equalityOf(left, right, column);
  if (isEqual === undefined) throw refused(operator, 'both of one kind', left, right, column);
  return operator === '==' ? condition(isEqual) : condition((each) => !isEqual(each));
}

/** How two operands are compared; undefined where they cannot be. */
function equalityOf(
  left: Operand,
  right: Operand,
  column: number,
): ((subject: FilterSubject) => boolean) | undefined {
  if (left.kind === 'text') {
    if (right.kind === 'enumeration') return equalityOf(right, left, column);
    if (right.kind !== 'text') return undefined;
    const { evaluate, matches } = right;
    if (matches !== undefined) return (each) => matches(left.evaluate(each));
    const { matches: isLike } = left;
    if (isLike !== undefined) return (each) => isLike(evaluate(each));
    return (each) => left.evaluate(each) === evaluate(each);
  }
  if (left.kind === 'enumeration' && right.kind === 'text') {
    const { evaluate, matches, literal } = right;
    if (literal !== undefined) expectLabel(left, literal, column);
    if (matches !== undefined) return (each) => matches(left.evaluate(each));
    return (each) => left.evaluate(each) === evaluate(each);
  }
  const [first, second] = [asNumber(left), asNumber(right)];
  if (first === undefined || second === undefined) return undefined;
  return (each) => isSame(first.evaluate(each), second.evaluate(each));
}

function expectLabel({ numbers }: EnumerationOperand, label: string, column: number): void {
  if (!numbers.has(label))
    throw filterError(column, `one of ${[...numbers.keys()].join(', ')}`, JSON.stringify(label));
}

/** A number, or that of an enumeration. */
function asNumber(operand: Operand): NumberOperand | undefined {
  if (operand.kind === 'number') return operand;
  if (operand.kind === 'text') return undefined;
  const { numbers, evaluate } = operand;
  return { kind: 'number', isFloat: false, evaluate: (each) => numbers.get(evaluate(each)) ?? 0 };
}

/** A number and a bigint may be the same, NaN is not even itself. */
function isSame(a: number | bigint, b: number | bigint): boolean {
  return a <= b && a >= b;
}

/** Whether bits can be shifted so far. @source lttng-event-rule(7): outside of 0 to 63 the filter is false */
function isShift(by: Signed64, subject: FilterSubject): by is number {
  if (typeof by === 'number' && by >= 0 && by < 64) return true;
  subject.hasFailed = true;
  return false;
}

function condition(holds: (subject: FilterSubject) => boolean): NumberOperand {
  return { kind: 'number', isFloat: false, evaluate: (subject) => (holds(subject) ? 1 : 0) };
}

function refused(
  operator: BinaryOperator,
  expected: string,
  left: Operand,
  right: Operand,
  column: number,
): Error {
  const got = `${operandName(left)} and ${operandName(right)}`;
  return filterError(column, `${expected} for ${operator}`, got);
}
