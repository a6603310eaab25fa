import { DecisionKind, NO_DECISION, decisionKind } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';

/**
 * Swaps out the page of every access before it is made, so that each access sleeps in a fault first.
 */
export class PagingDirector implements Director {
  readonly name = 'paging';
  readonly scheduling = 'free';
  readonly granularity = 'instruction';
  /** How often a page was swapped out. */
  pagesOut = 0;
  readonly #possible: Decision[] = [];
  /** Whether the next instruction is executed as things are. */
  #goesOn = false;

  decide(point: DecisionPoint): Decision {
    const count = point.enumerate(this.#possible);
    const possible = this.#possible.slice(0, count);
    const find = (kind: number): Decision | undefined =>
      possible.find((decision) => decisionKind(decision) === kind);
    const out = find(DecisionKind.PageOut);
    if (out !== undefined && !this.#goesOn) {
      this.#goesOn = true;
      this.pagesOut += 1;
      return out;
    }
    const step = find(DecisionKind.Step);
    // A page that was brought in stays for one instruction: else no access would ever be made.
    this.#goesOn = step === undefined;
    return step ?? find(DecisionKind.PageIn) ?? possible[0] ?? NO_DECISION;
  }

  choose(): number {
    return 0;
  }
}
