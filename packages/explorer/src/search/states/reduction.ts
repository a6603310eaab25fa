import { DecisionKind, decisionKind, decisionX, decisionY } from '@rseqlab/sim-machine';
import { decisionOf, moverOf } from './decision-lists.js';
import type { DecisionList } from './decision-lists.js';
import type { StateTransitions } from './state-transitions.js';
import type { WordOwners } from './word-owners.js';

/** Kernel events that commute with what a thread does to words of its own. */
const COMMUTING: ReadonlySet<number> = new Set([
  DecisionKind.Step,
  DecisionKind.Preempt,
  DecisionKind.Migrate,
  DecisionKind.SpuriousWake,
]);

/**
 * Which transitions of a state need not be taken.
 *
 * - A step outside of sections that accesses words of its thread alone commutes with all that others do,
 *   and with the loss of the CPU: it is taken, and nothing else.
 * - A load in a section makes no difference to an abort: before it the thread does not lose its CPU, but
 *   behind it.
 *
 * Such steps are in no loop, so nothing is put off for ever. Whether words are a thread's alone is
 * relied on until the search meets somebody else who accesses them, see {@link WordOwners}.
 */
export class Reduction {
  /** The last decision of the list that is to be taken. */
  last = 0;
  readonly #transitions: StateTransitions;
  readonly #owners: WordOwners;
  #list: DecisionList | undefined;
  /** The only decision that is taken, or -1. */
  #only = -1;
  /** Bits of threads whose next step an abort undoes. */
  #undone = 0;

  constructor(transitions: StateTransitions, owners: WordOwners) {
    this.#transitions = transitions;
    this.#owners = owners;
  }

  /** Looks at the present state, of which `list` is what is possible. */
  of(list: DecisionList): this {
    this.#list = list;
    this.#only = -1;
    this.#undone = 0;
    this.last = list.count - 1;
    for (let i = list.progress - 1; i >= 0 && !this.#transitions.isOver; i--) this.#look(list, i);
    if (this.#only >= 0) this.last = this.#only;
    while (this.last >= 0 && this.isLeftOut(this.last)) this.last -= 1;
    return this;
  }

  /** Whether a decision of the list is not to be taken. */
  isLeftOut(index: number): boolean {
    if (this.#only >= 0 && index !== this.#only) return true;
    return index >= this.#list!.progress && this.#isPutOff(index);
  }

  #look(list: DecisionList, index: number): void {
    if (moverOf(list, index) < 0 || this.#only >= 0 || index > 30) return;
    const transitions = this.#transitions;
    let freedom = transitions.freedomOf(list, index);
    if (freedom === undefined) {
      transitions.learn(list, index);
      if (transitions.isOver) return;
      freedom = transitions.freedomOf(list, index);
    }
    if (freedom === undefined || freedom.kind === 'bound') return;
    if (freedom.kind === 'undone') this.#undone |= 1 << freedom.thread;
    else if (this.#owners.areOf(freedom.thread, freedom.words) && commutes(list)) {
      this.#owners.relyOn(freedom.words);
      this.#only = index;
    }
  }

  /** Whether a kernel event takes the CPU of a thread whose next step an abort undoes. */
  #isPutOff(index: number): boolean {
    const list = this.#list!;
    const decision = decisionOf(list, index);
    const kind = decisionKind(decision);
    if (kind === DecisionKind.Migrate) return ((this.#undone >>> decisionY(decision)) & 1) === 1;
    if (kind !== DecisionKind.Preempt) return false;
    for (let i = 0; i < list.progress; i++)
      if (decisionX(decisionOf(list, i)) === decisionX(decision)) {
        const mover = moverOf(list, i);
        return mover >= 0 && ((this.#undone >>> mover) & 1) === 1;
      }
    return false;
  }
}

function commutes(list: DecisionList): boolean {
  for (let i = 0; i < list.count; i++)
    if (!COMMUTING.has(decisionKind(decisionOf(list, i)))) return false;
  return true;
}
