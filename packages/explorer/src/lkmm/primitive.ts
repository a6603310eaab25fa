import type { CExpression } from './c-expression.js';
import type { CStatement, StatementPlace } from './c-statement.js';
import type { KernelCall } from './kernel-call.js';

/**
 * What a primitive takes: `target`, something that can be assigned to, such as `*x`; `pointer` to a
 * word, `lock` and `srcu`, which are pointers to those; or a `value`.
 */
export type ParameterKind = 'target' | 'pointer' | 'lock' | 'srcu' | 'value';

type Arguments = readonly CExpression[];

/** A statement without its place. */
export type BareStatement = CStatement extends infer Statement
  ? Statement extends StatementPlace
    ? Omit<Statement, keyof StatementPlace>
    : never
  : never;

/** One name that tests may call. Of targets and pointers the address is passed on. */
export type Primitive = { readonly parameters: readonly ParameterKind[] } & (
  | { readonly kind: 'value'; readonly value: (given: Arguments) => CExpression }
  | { readonly kind: 'action'; readonly act: (given: Arguments) => readonly BareStatement[] }
  | { readonly kind: 'call'; readonly call: KernelCall; readonly givesValue: boolean }
);

/** A primitive that is worth something. */
export function valuePrimitive(
  parameters: readonly ParameterKind[],
  value: (given: Arguments) => CExpression,
): Primitive {
  return { kind: 'value', parameters, value };
}

/** A primitive that does something and is worth nothing. */
export function actionPrimitive(
  parameters: readonly ParameterKind[],
  act: (given: Arguments) => readonly BareStatement[],
): Primitive {
  return { kind: 'action', parameters, act };
}
