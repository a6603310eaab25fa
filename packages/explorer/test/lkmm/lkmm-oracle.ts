import type { CExpression } from '../../src/lkmm/c-expression.js';
import type { CStatement } from '../../src/lkmm/c-statement.js';
import type { LkmmTest } from '../../src/lkmm/lkmm-test.js';
import type { FinalState } from '../../src/litmus/final-state.js';
import { initialValue } from '../../src/litmus/litmus-question.js';
import type { LitmusValue } from '../../src/litmus/litmus-value.js';
import { evaluateBinary, evaluateUnary, isTrue } from './oracle-arithmetic.js';

/** What a thread asks of memory; it is resumed with what a load or an update found. */
export type Request =
  | { readonly kind: 'load'; readonly location: string }
  | { readonly kind: 'store'; readonly location: string; readonly value: LitmusValue }
  | {
      readonly kind: 'update';
      readonly location: string;
      readonly next: (old: LitmusValue) => LitmusValue;
    }
  | { readonly kind: 'fence' }
  | { readonly kind: 'call'; readonly call: string; readonly subject: string };

type Variables = Map<string, LitmusValue>;
type Steps<Result> = Generator<Request, Result, LitmusValue>;

/** A thread as the oracle runs it: the statements themselves, one request after the other. */
export function* runFunction(test: LkmmTest, thread: number, variables: Variables): Steps<void> {
  for (const register of test.threads[thread]!.variables)
    variables.set(register, initialValue(test, { kind: 'register', thread, register }));
  yield* runAll(test.threads[thread]!.body, variables);
}

/** The final state of a run. */
export function finalState(
  test: LkmmTest,
  memory: ReadonlyMap<string, LitmusValue>,
  variables: readonly Variables[],
): FinalState {
  return test.observed.map((seen) =>
    seen.kind === 'location'
      ? memory.get(seen.location)!
      : variables[seen.thread]!.get(seen.register)!,
  );
}

type Jump = 'break' | 'continue' | undefined;

function* runAll(statements: readonly CStatement[], variables: Variables): Steps<Jump> {
  for (const statement of statements) {
    const jump = yield* runOne(statement, variables);
    if (jump !== undefined) return jump;
  }
  return undefined;
}

function* runOne(statement: CStatement, variables: Variables): Steps<Jump> {
  switch (statement.kind) {
    case 'assign':
      variables.set(statement.variable, yield* evaluate(statement.value, variables));
      return undefined;
    case 'store': {
      const location = String(yield* evaluate(statement.address, variables));
      yield { kind: 'store', location, value: yield* evaluate(statement.value, variables) };
      return undefined;
    }
    case 'evaluate':
      yield* evaluate(statement.value, variables);
      return undefined;
    case 'fence':
      if (statement.fence === 'full') yield { kind: 'fence' };
      return undefined;
    case 'call': {
      const subject = statement.arguments[0];
      const name = subject === undefined ? '' : String(yield* evaluate(subject, variables));
      const result = yield { kind: 'call', call: statement.call, subject: name };
      if (statement.into !== undefined) variables.set(statement.into, result);
      return undefined;
    }
    case 'if': {
      const branch = isTrue(yield* evaluate(statement.condition, variables));
      return yield* runAll(branch ? statement.then : statement.otherwise, variables);
    }
    case 'loop':
      for (;;) {
        if ((yield* runAll(statement.body, variables)) === 'break') return undefined;
        if ((yield* runAll(statement.step, variables)) === 'break') return undefined;
      }
    case 'break':
    case 'continue':
      return statement.kind;
  }
}

function* evaluate(expression: CExpression, variables: Variables): Steps<LitmusValue> {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'address':
      return expression.location;
    case 'variable':
      return variables.get(expression.name)!;
    case 'load':
      return yield {
        kind: 'load',
        location: String(yield* evaluate(expression.address, variables)),
      };
    case 'update': {
      const location = String(yield* evaluate(expression.address, variables));
      const operand = yield* evaluate(expression.operand, variables);
      const operators = { add: '+', and: '&', or: '|', xor: '^' } as const;
      const { operation } = expression;
      const next = (old: LitmusValue): LitmusValue =>
        operation === 'exchange' ? operand : evaluateBinary(operators[operation], old, operand);
      const old = yield { kind: 'update', location, next };
      return expression.gives === 'old' ? old : next(old);
    }
    case 'compare-exchange': {
      const location = String(yield* evaluate(expression.address, variables));
      const expected = yield* evaluate(expression.expected, variables);
      const desired = yield* evaluate(expression.desired, variables);
      return yield { kind: 'update', location, next: (old) => (old === expected ? desired : old) };
    }
    case 'add-unless': {
      const location = String(yield* evaluate(expression.address, variables));
      const operand = yield* evaluate(expression.operand, variables);
      const unless = yield* evaluate(expression.unless, variables);
      const next = (old: LitmusValue): LitmusValue =>
        old === unless ? old : evaluateBinary('+', old, operand);
      return (yield { kind: 'update', location, next }) === unless ? 0 : 1;
    }
    case 'unary':
      return evaluateUnary(expression.operator, yield* evaluate(expression.operand, variables));
    case 'binary': {
      const left = yield* evaluate(expression.left, variables);
      const right = yield* evaluate(expression.right, variables);
      return evaluateBinary(expression.operator, left, right);
    }
    case 'logical': {
      const left = isTrue(yield* evaluate(expression.left, variables));
      if (left === (expression.operator === '||')) return left ? 1 : 0;
      return isTrue(yield* evaluate(expression.right, variables)) ? 1 : 0;
    }
    case 'choice': {
      const branch = isTrue(yield* evaluate(expression.condition, variables));
      return yield* evaluate(branch ? expression.then : expression.otherwise, variables);
    }
  }
}
