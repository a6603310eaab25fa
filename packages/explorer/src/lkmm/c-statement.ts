import type { SourcePosition } from '../litmus/source-text.js';
import type { CExpression } from './c-expression.js';
import type { KernelCall } from './kernel-call.js';

/** Where a statement stands, for reports. */
export interface StatementPlace {
  readonly position: SourcePosition;
  /** The statement as written. */
  readonly text: string;
}

/** A call that the kernel behind the test carries out. */
export interface CallStatement extends StatementPlace {
  readonly kind: 'call';
  readonly call: KernelCall;
  readonly arguments: readonly CExpression[];
  /** The variable that takes the result. */
  readonly into?: string;
}

/** A statement of a C function, with declarations, casts and `for` taken apart. */
export type CStatement =
  | (StatementPlace & {
      readonly kind: 'assign';
      readonly variable: string;
      readonly value: CExpression;
    })
  | (StatementPlace & {
      readonly kind: 'store';
      readonly address: CExpression;
      readonly value: CExpression;
      readonly order: 'plain' | 'release';
    })
  /** For what evaluating it does. */
  | (StatementPlace & { readonly kind: 'evaluate'; readonly value: CExpression })
  | (StatementPlace & { readonly kind: 'fence'; readonly fence: 'full' | 'read' | 'write' })
  | CallStatement
  | {
      readonly kind: 'if';
      readonly condition: CExpression;
      readonly then: readonly CStatement[];
      readonly otherwise: readonly CStatement[];
    }
  /** For ever: `body`, then `step`, to which `continue` leads. */
  | {
      readonly kind: 'loop';
      readonly body: readonly CStatement[];
      readonly step: readonly CStatement[];
    }
  | { readonly kind: 'break' | 'continue' };
