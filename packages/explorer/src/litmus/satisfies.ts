import type { FinalState } from './final-state.js';
import type { LitmusTest } from './litmus-test.js';
import { observableKey, type Observable } from './observable.js';
import type { Proposition } from './proposition.js';

type Predicate = (state: FinalState) => boolean;

/** Whether a final state satisfies the test's proposition, whatever the quantifier before it. */
export function satisfies(test: LitmusTest): (state: FinalState) => boolean {
  const indexes = new Map(test.observed.map((seen, index) => [observableKey(seen), index]));
  const indexOf = (observable: Observable): number => indexes.get(observableKey(observable))!;
  return predicate(test.condition.proposition, indexOf);
}

function predicate(
  proposition: Proposition,
  indexOf: (observable: Observable) => number,
): Predicate {
  const inside = (operand: Proposition): Predicate => predicate(operand, indexOf);
  switch (proposition.kind) {
    case 'constant':
      return () => proposition.value;
    case 'has-value': {
      const index = indexOf(proposition.observable);
      return (state) => state[index] === proposition.value;
    }
    case 'same-value': {
      const [index, other] = [indexOf(proposition.observable), indexOf(proposition.other)];
      return (state) => state[index] === state[other];
    }
    case 'not': {
      const operand = inside(proposition.operand);
      return (state) => !operand(state);
    }
    case 'and': {
      const operands = proposition.operands.map(inside);
      return (state) => operands.every((operand) => operand(state));
    }
    case 'or': {
      const operands = proposition.operands.map(inside);
      return (state) => operands.some((operand) => operand(state));
    }
    case 'implies': {
      const [premise, conclusion] = [inside(proposition.premise), inside(proposition.conclusion)];
      return (state) => !premise(state) || conclusion(state);
    }
  }
}
