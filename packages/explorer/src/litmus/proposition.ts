import type { LitmusValue } from './litmus-value.js';
import type { Observable } from './observable.js';

/** `true` or `false`. */
export interface ConstantProposition {
  readonly kind: 'constant';
  readonly value: boolean;
}

/** An observable has this value. */
export interface ValueProposition {
  readonly kind: 'has-value';
  readonly observable: Observable;
  readonly value: LitmusValue;
}

/** Two observables have the same value. */
export interface SameProposition {
  readonly kind: 'same-value';
  readonly observable: Observable;
  readonly other: Observable;
}

/** The operand does not hold. */
export interface NotProposition {
  readonly kind: 'not';
  readonly operand: Proposition;
}

/** All of the operands hold, or any of them does. */
export interface ListProposition {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Proposition[];
}

/** The conclusion holds wherever the premise does. */
export interface ImpliesProposition {
  readonly kind: 'implies';
  readonly premise: Proposition;
  readonly conclusion: Proposition;
}

/** What one final state satisfies or not. */
export type Proposition =
  | ConstantProposition
  | ValueProposition
  | SameProposition
  | NotProposition
  | ListProposition
  | ImpliesProposition;

/** Calls `visit` with every comparison inside a proposition. */
export function forEachAtom(
  proposition: Proposition,
  visit: (atom: ValueProposition | SameProposition) => void,
): void {
  switch (proposition.kind) {
    case 'constant':
      return;
    case 'has-value':
    case 'same-value': {
      visit(proposition);
      return;
    }
    case 'not': {
      forEachAtom(proposition.operand, visit);
      return;
    }
    case 'and':
    case 'or': {
      proposition.operands.forEach((operand) => forEachAtom(operand, visit));
      return;
    }
    case 'implies':
      forEachAtom(proposition.premise, visit);
      {
        forEachAtom(proposition.conclusion, visit);
        return;
      }
  }
}
