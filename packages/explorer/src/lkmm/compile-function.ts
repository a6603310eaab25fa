import { LitmusError } from '../litmus/litmus-error.js';
import type { LitmusLayout } from '../litmus/litmus-layout.js';
import { initialValue } from '../litmus/litmus-question.js';
import { addressVariables } from './address-variables.js';
import type { CallStatement } from './c-statement.js';
import {
  ARGUMENT_REGISTERS,
  FUNCTION_ENTRY,
  FunctionBuilder,
  VARIABLE_REGISTERS,
  type CodeRegister,
  type FunctionCode,
} from './function-code.js';
import { FunctionEmitter } from './function-emitter.js';
import { liveVariables } from './live-variables.js';
import type { LkmmTest } from './lkmm-test.js';

/** How many variables a function of a translated test may have. */
export const VARIABLES_PER_FUNCTION: number = VARIABLE_REGISTERS.length;

/**
 * Translates one function of a test to machine code.
 *
 * Variables live in registers, so that the machine sees which access depends on which load. A call of
 * the kernel ends a piece of code: the thread makes it and goes on with the next piece.
 *
 * @param layout - the address of each location
 * @param locationBytes - what the locations take up, from the first one on
 * @throws LitmusError `ERR_LITMUS_MACHINE` when the function has more variables than
 *   {@link VARIABLES_PER_FUNCTION}, or an expression needs more registers than there are
 */
export function compileFunction(
  test: LkmmTest,
  thread: number,
  layout: LitmusLayout,
  locationBytes: number,
): FunctionCode {
  const { variables, body, position } = test.threads[thread]!;
  const refuse = (expected: string, got: string): never => {
    throw new LitmusError('ERR_LITMUS_MACHINE', { file: test.file, ...position, expected, got });
  };
  if (variables.length > VARIABLES_PER_FUNCTION)
    refuse(`at most ${VARIABLES_PER_FUNCTION} variables in P${thread}`, String(variables.length));
  const registers = new Map(variables.map((name, index) => [name, VARIABLE_REGISTERS[index]!]));
  const observed = test.observed.flatMap((seen) =>
    seen.kind === 'register' && seen.thread === thread ? [seen.register] : [],
  );
  const live = liveVariables(body, new Set(observed));
  const builder = new FunctionBuilder(`${test.name} P${thread}`, registers);
  const { code } = builder;
  code.label(FUNCTION_ENTRY).returns(...ARGUMENT_REGISTERS.slice(0, 2), ...registers.values());
  for (const name of live.atEntry) {
    const value = initialValue(test, { kind: 'register', thread, register: name });
    builder.set(registers.get(name)!, typeof value === 'string' ? layout.get(value)! : value);
  }
  const emitter = new FunctionEmitter({
    builder,
    layout,
    locationBytes,
    pointers: new Set([...addressVariables(body)].map((name) => registers.get(name)!)),
    liveBehind: (call: CallStatement): readonly CodeRegister[] =>
      [...live.behindCalls.get(call)!].map((name) => registers.get(name)!),
    refuse: (got) => refuse(`simpler expressions in P${thread}`, got),
  });
  const exits = emitter.emit(body, {
    position,
    text: `the end of P${thread}`,
    observed: observed.map((name) => registers.get(name)!),
  });
  return { program: code.build(), exits, registers };
}
