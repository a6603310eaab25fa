import { filterError } from './filter-error.js';
import { operandName } from './filter-operand.js';
import type { FilterSubject, Operand } from './filter-operand.js';

/** What is true or false. */
export interface Truth {
  readonly evaluate: (subject: FilterSubject) => 0 | 1;
}

/** Whether a number is not 0. @throws TracerError `ERR_FILTER` for what is no number */
export function truth(operand: Operand, column: number): Truth {
  if (operand.kind !== 'number')
    throw filterError(column, 'a condition: a comparison or a number', operandName(operand));
  const { evaluate } = operand;
  return {
    evaluate: (subject) => {
      const value = evaluate(subject);
      return value === 0 || value === 0n ? 0 : 1;
    },
  };
}
