import type { Machine, Thread } from '@rseqlab/sim-machine';
import type { EventDefinition } from '../events/event-definition.js';
import { CPU_CONTEXT, contextOperand } from './context-operand.js';
import type { Expression, UnaryExpression } from './expression.js';
import { fieldOperand } from './field-operand.js';
import { filterError } from './filter-error.js';
import { operandName } from './filter-operand.js';
import type { FilterSubject, NumberOperand, Operand } from './filter-operand.js';
import { binaryOperand } from './binary-operand.js';
import { compileGlob } from './glob.js';
import { parseFilter } from './parse-filter.js';
import { narrowed, not64 } from './signed-64.js';
import { truth } from './truth.js';

/** Which events of a kind are recorded. */
export interface EventFilter {
  /** As it was written. */
  readonly text: string;
  /** Whether it asks for the CPU. */
  readonly needsCpu: boolean;
  /**
   * Whether an event passes. What has no value, such as an element behind the last, makes the filter false.
   *
   * @param cpu where the thread is, if {@link needsCpu}
   */
  passes(
    values: Readonly<Record<string, unknown>>,
    thread: Thread,
    machine: Machine,
    cpu: number,
  ): boolean;
}

/** Used by one filter at a time: none is interrupted. */
const subject: FilterSubject = {
  values: {},
  thread: undefined,
  machine: undefined,
  cpu: -1,
  hasFailed: false,
};

/**
 * Makes a filter for an event into a function, once.
 *
 * @throws TracerError `ERR_FILTER` for what is no filter, fields that the event does not have, and
 *   types that an operator does not take
 */
export function compileFilter(text: string, event: EventDefinition): EventFilter {
  const expression = parseFilter(text);
  const { evaluate } = truth(operandOf(expression, event), 1);
  return {
    text,
    needsCpu: asksForCpu(expression),
    passes(values, thread, machine, cpu) {
      subject.values = values;
      subject.thread = thread;
      subject.machine = machine;
      subject.cpu = cpu;
      subject.hasFailed = false;
      const isTrue = evaluate(subject) !== 0;
      return isTrue && !subject.hasFailed;
    },
  };
}

function operandOf(expression: Expression, event: EventDefinition): Operand {
  const { kind, column } = expression;
  if (kind === 'field') return fieldOperand(event, expression);
  if (kind === 'context') return contextOperand(expression);
  if (kind === 'text') {
    const { parts } = expression;
    const whole = parts.join('*');
    const evaluate = (): string => whole;
    return parts.length === 1
      ? { kind: 'text', evaluate, literal: whole }
      : { kind: 'text', evaluate, matches: compileGlob(parts) };
  }
  if (kind === 'number') {
    const { value, isFloat } = expression;
    return { kind: 'number', isFloat, evaluate: () => value };
  }
  if (kind === 'unary') return unaryOperand(expression, operandOf(expression.operand, event));
  const left = operandOf(expression.left, event);
  return binaryOperand(expression.operator, left, operandOf(expression.right, event), column);
}

function unaryOperand({ operator, column }: UnaryExpression, operand: Operand): NumberOperand {
  if (operator === '!') {
    const { evaluate } = truth(operand, column);
    return { kind: 'number', isFloat: false, evaluate: (each) => (evaluate(each) === 0 ? 1 : 0) };
  }
  if (operand.kind !== 'number' || (operator === '~' && operand.isFloat))
    throw filterError(
      column,
      `${operator === '~' ? 'an integer' : 'a number'} behind ${operator}`,
      operandName(operand),
    );
  const { evaluate, isFloat } = operand;
  if (operator === '+') return operand;
  if (operator === '-')
    return { kind: 'number', isFloat, evaluate: (each) => narrowed(-evaluate(each)) };
  return { kind: 'number', isFloat, evaluate: (each) => not64(evaluate(each)) };
}

function asksForCpu(expression: Expression): boolean {
  if (expression.kind === 'context') return expression.name === CPU_CONTEXT;
  if (expression.kind === 'unary') return asksForCpu(expression.operand);
  if (expression.kind !== 'binary') return false;
  return asksForCpu(expression.left) || asksForCpu(expression.right);
}
