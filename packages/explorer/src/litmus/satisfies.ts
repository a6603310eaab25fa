import type { FinalState } from './final-state.js';
import type { LitmusQuestion } from './litmus-question.js';
import { observableKey, type Observable } from './observable.js';
import type { Proposition } from './proposition.js';

type Predicate = (state: FinalState) => boolean;

/** Whether a final state satisfies the test's proposition, whatever the quantifier before it. */
export function satisfies(test: LitmusQuestion): (state: FinalState) => boolean {
  return predicateOver(test, test.condition.proposition);
}

/** Whether a final state counts: whether it satisfies the test's filter, if there is one. */
export function passesFilter(test: LitmusQuestion): (state: FinalState) => boolean {
  return test.filter === undefined ? () => true : predicateOver(test, test.filter);
}

function predicateOver({ observed }: LitmusQuestion, proposition: Proposition): Predicate {
  const indexes = new Map(observed.map((seen, index) => [observableKey(seen), index]));
  const indexOf = (observable: Observable): number => indexes.get(observableKey(observable))!;
  return predicate(proposition, indexOf);
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
