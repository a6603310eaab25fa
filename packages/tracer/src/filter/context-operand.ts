import type { ContextReference } from './expression.js';
import { filterError } from './filter-error.js';
import type { FilterSubject, Operand } from './filter-operand.js';

/** What filters can ask of the thread that emits, whether its channel records it or not. */
const CONTEXTS: Readonly<Record<string, Operand>> = {
  vpid: integer(({ thread }) => thread!.process.pid),
  vtid: integer(({ thread, machine }) => machine!.threads.tid[thread!.id]!),
  cpu_id: integer(({ cpu }) => cpu),
  procname: { kind: 'text', evaluate: ({ thread }) => thread!.name },
};

/** Name of the context that has to be asked of the machine. */
export const CPU_CONTEXT = 'cpu_id';

/** A context of the thread. @throws TracerError `ERR_FILTER` for one that there is not */
export function contextOperand({ name, column }: ContextReference): Operand {
  if (Object.hasOwn(CONTEXTS, name)) return CONTEXTS[name]!;
  const expected = `a context (${Object.keys(CONTEXTS).join(', ')})`;
  throw filterError(column, expected, JSON.stringify(name));
}

function integer(evaluate: (subject: FilterSubject) => number): Operand {
  return { kind: 'number', isFloat: false, evaluate };
}
