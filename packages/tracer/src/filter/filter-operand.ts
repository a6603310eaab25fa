import type { Machine, Thread } from '@rseqlab/sim-machine';

/** What a filter is evaluated on. One is used again and again: filters allocate nothing. */
export interface FilterSubject {
  /** What the event is emitted with. */
  values: Readonly<Record<string, unknown>>;
  thread: Thread | undefined;
  machine: Machine | undefined;
  /** CPU that the thread was on when it began to emit. */
  cpu: number;
  /** Whether something had no value, such as an element behind the last: the filter is false then. */
  hasFailed: boolean;
}

/** A part of a filter, made into a function. */
export type Operand = NumberOperand | TextOperand | EnumerationOperand;

/** Gives a number: a signed integer of 64 bits, or a floating point number. */
export interface NumberOperand {
  readonly kind: 'number';
  readonly isFloat: boolean;
  readonly evaluate: (subject: FilterSubject) => number | bigint;
}

/** Gives text. */
export interface TextOperand {
  readonly kind: 'text';
  readonly evaluate: (subject: FilterSubject) => string;
  /** The text, of a literal without stars. */
  readonly literal?: string;
  /** Of a literal with stars: whether other text is as it says. */
  readonly matches?: (text: string) => boolean;
}

/** Gives the name of a number. */
export interface EnumerationOperand {
  readonly kind: 'enumeration';
  readonly evaluate: (subject: FilterSubject) => string;
  readonly numbers: ReadonlyMap<string, number | bigint>;
}

/** What messages call an operand. */
export function operandName(operand: Operand): string {
  if (operand.kind === 'text') return 'text';
  if (operand.kind === 'enumeration') return 'an enumeration';
  return operand.isFloat ? 'a floating point number' : 'an integer';
}
