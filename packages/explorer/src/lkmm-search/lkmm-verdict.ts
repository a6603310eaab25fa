import type { LitmusOutcome } from '../litmus/litmus-outcome.js';
import type { Verdict } from '../litmus/verdict.js';
import type { LkmmDeadlock, LkmmMisuse } from './lkmm-finding.js';
import type { MisuseFlag } from './rcu-port.js';

/** A verdict over final states; or what is wrong with the test itself, which matters more. */
export type LkmmVerdict = Verdict | 'DEADLOCK' | `Flag ${MisuseFlag}`;

/** What came out of a C test under one memory model. */
export interface LkmmOutcome {
  readonly verdict: LkmmVerdict;
  /** What the final states alone say, whatever else is wrong. */
  readonly observation: Verdict;
  /** All final states, sorted and written as herd writes them. */
  readonly states: readonly string[];
  /** The first execution that cannot go on. */
  readonly deadlock?: LkmmDeadlock;
  /** What the test does and must not do, each once. */
  readonly misuses: readonly LkmmMisuse[];
}

/** Puts together what a search found: misuse before deadlock before what the states say. */
export function lkmmVerdict(
  { verdict: observation, states }: LitmusOutcome,
  deadlock: LkmmDeadlock | undefined,
  misuses: readonly LkmmMisuse[],
): LkmmOutcome {
  const found = deadlock === undefined ? {} : { deadlock };
  const verdict =
    misuses[0] !== undefined
      ? (`Flag ${misuses[0].flag}` as const)
      : deadlock === undefined
        ? observation
        : 'DEADLOCK';
  return { verdict, observation, states, ...found, misuses };
}
