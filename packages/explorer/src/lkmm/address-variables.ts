import { operandsOfExpression, type CExpression } from './c-expression.js';
import type { CStatement } from './c-statement.js';

/** The variables of a function that the address of any access is computed from. */
export function addressVariables(body: readonly CStatement[]): ReadonlySet<string> {
  const found = new Set<string>();
  const noteAll = (expression: CExpression): void => {
    if (expression.kind === 'variable') found.add(expression.name);
    operandsOfExpression(expression).forEach(noteAll);
  };
  const look = (expression: CExpression): void => {
    if ('address' in expression) noteAll(expression.address);
    operandsOfExpression(expression).forEach(look);
  };
  const visit = (statement: CStatement): void => {
    switch (statement.kind) {
      case 'store':
        noteAll(statement.address);
        look(statement.address);
        look(statement.value);
        return;
      case 'assign':
      case 'evaluate':
        look(statement.value);
        return;
      case 'call':
        statement.arguments.forEach(look);
        return;
      case 'if':
        look(statement.condition);
        [...statement.then, ...statement.otherwise].forEach(visit);
        return;
      case 'loop':
        [...statement.body, ...statement.step].forEach(visit);
        return;
      default:
    }
  };
  body.forEach(visit);
  return found;
}
