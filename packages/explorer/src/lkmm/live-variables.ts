import { operandsOfExpression, type CExpression } from './c-expression.js';
import type { CallStatement, CStatement } from './c-statement.js';

/** Names of variables. */
export type VariableSet = ReadonlySet<string>;

/** Which variables of a function can still matter, and where. */
export interface Liveness {
  /** When the function begins: those that may be read before they are set. */
  readonly atEntry: VariableSet;
  /** Behind each call; the variable that takes its result is among them if it matters. */
  readonly behindCalls: ReadonlyMap<CallStatement, VariableSet>;
}

interface Jumps {
  readonly break: VariableSet;
  readonly continue: VariableSet;
}

const NONE: VariableSet = new Set();

/**
 * Computes which variables matter behind the calls of a function.
 *
 * @param atEnd - those that are looked at when it has ended
 */
export function liveVariables(body: readonly CStatement[], atEnd: VariableSet): Liveness {
  const behindCalls = new Map<CallStatement, VariableSet>();
  const jumps: Jumps = { break: NONE, continue: NONE };
  return { atEntry: beforeAll(body, atEnd, jumps, behindCalls), behindCalls };
}

function beforeAll(
  statements: readonly CStatement[],
  after: VariableSet,
  jumps: Jumps,
  calls: Map<CallStatement, VariableSet>,
): VariableSet {
  return statements.reduceRight<VariableSet>(
    (live, statement) => before(statement, live, jumps, calls),
    after,
  );
}

function before(
  statement: CStatement,
  after: VariableSet,
  jumps: Jumps,
  calls: Map<CallStatement, VariableSet>,
): VariableSet {
  switch (statement.kind) {
    case 'assign':
      return union(without(after, statement.variable), readBy(statement.value));
    case 'store':
      return union(after, readBy(statement.address), readBy(statement.value));
    case 'evaluate':
      return union(after, readBy(statement.value));
    case 'fence':
      return after;
    case 'call': {
      calls.set(statement, after);
      const { into } = statement;
      const rest = into === undefined ? after : without(after, into);
      return union(rest, ...statement.arguments.map(readBy));
    }
    case 'if': {
      const then = beforeAll(statement.then, after, jumps, calls);
      const otherwise = beforeAll(statement.otherwise, after, jumps, calls);
      return union(then, otherwise, readBy(statement.condition));
    }
    case 'loop':
      return beforeLoop(statement.body, statement.step, after, calls);
    case 'break':
      return jumps.break;
    case 'continue':
      return jumps.continue;
  }
}

/** Goes around until nothing is added: what matters at the start matters behind the step. */
function beforeLoop(
  body: readonly CStatement[],
  step: readonly CStatement[],
  after: VariableSet,
  calls: Map<CallStatement, VariableSet>,
): VariableSet {
  let atStart: VariableSet = NONE;
  for (;;) {
    const beforeStep = beforeAll(step, atStart, { break: after, continue: NONE }, calls);
    const jumps: Jumps = { break: after, continue: beforeStep };
    const found = union(atStart, beforeAll(body, beforeStep, jumps, calls));
    if (found.size === atStart.size) return found;
    atStart = found;
  }
}

/** The variables that an expression reads. */
function readBy(expression: CExpression): VariableSet {
  if (expression.kind === 'variable') return new Set([expression.name]);
  return union(...operandsOfExpression(expression).map(readBy));
}

function union(...sets: readonly VariableSet[]): VariableSet {
  return new Set(sets.flatMap((set) => [...set]));
}

function without(set: VariableSet, name: string): VariableSet {
  return new Set([...set].filter((other) => other !== name));
}
