import { DecisionKind, decisionKind, decisionX, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { EdgeTable } from './edge-table.js';
import type { MovingState } from './moving-state.js';
import type { StateParts } from './state-parts.js';
import { AWAITS } from './thread-parts.js';
import { Unsuitable } from './unsuitable.js';

/** What is possible in a state: first what the machine does by itself, then kernel events. */
export interface DecisionList {
  /** How many decisions there are. */
  readonly count: number;
  /** How many of them are no kernel events. */
  readonly progress: number;
  /** See {@link DecisionField}. */
  readonly fields: Int32Array;
}

/**
 * What is kept of a decision of a list: itself, the thread that steps by it, or -1, and numbers for those who look
 * up what decisions do and who name them, -1 at first.
 */
export const DecisionField = { Decision: 0, Mover: 1, Node: 2, Label: 3 } as const;

/** Words of a decision in a list, as a power of two. */
export const DECISION_BITS = 2;

/** A decision of a list. */
export function decisionOf({ fields }: DecisionList, index: number): Decision {
  return (fields[(index << DECISION_BITS) + DecisionField.Decision]! >>> 0) as Decision;
}

/** The thread that steps by a decision of a list, or -1. */
export function moverOf({ fields }: DecisionList, index: number): number {
  return fields[(index << DECISION_BITS) + DecisionField.Mover]!;
}

/** Where it is looked up what a decision of a list does, or -1. */
export function nodeOf({ fields }: DecisionList, index: number): number {
  return fields[(index << DECISION_BITS) + DecisionField.Node]!;
}

/** What a thread that runs can be about to do, as far as lists tell it apart. */
const CLASSES = 3;
const WAITS = 1;

/** Decisions that read and change parts of a state and nothing else. */
const KNOWN_KINDS: ReadonlySet<number> = new Set([
  DecisionKind.Step,
  DecisionKind.Preempt,
  DecisionKind.Migrate,
  DecisionKind.SingleStep,
  DecisionKind.SpuriousWake,
]);

/**
 * What is possible, by the kernel's part of a state and whether the running threads can go on or are
 * about to exit.
 */
export class DecisionLists {
  readonly #parts: StateParts;
  readonly #cpus: readonly number[];
  readonly #lists: DecisionList[] = [];
  readonly #byState = new EdgeTable();

  /** @param cpus the possible ones */
  constructor(parts: StateParts, cpus: readonly number[]) {
    this.#parts = parts;
    this.#cpus = cpus;
  }

  /** The list of a state; undefined when none such was met. */
  find(state: MovingState): DecisionList | undefined {
    const at = this.#byState.find(state.kernel, this.#classes(state));
    return at < 0 ? undefined : this.#lists[at];
  }

  /** Notes the list of a state. */
  add(state: MovingState, decisions: Int32Array): DecisionList {
    for (const decision of decisions)
      if (!KNOWN_KINDS.has(decisionKind((decision >>> 0) as Decision)))
        throw new Unsuitable('a decision changes what is in no part of a state');
    const first = decisions.findIndex((decision) => isKernelEvent((decision >>> 0) as Decision));
    const list = {
      count: decisions.length,
      progress: first < 0 ? decisions.length : first,
      fields: Int32Array.from(
        [...decisions].flatMap((decision) => [
          decision,
          this.#moverOf(state, (decision >>> 0) as Decision),
          -1,
          -1,
        ]),
      ),
    };
    this.#byState.add(state.kernel, this.#classes(state), this.#lists.push(list) - 1);
    return list;
  }

  #moverOf(state: MovingState, decision: Decision): number {
    if (decisionKind(decision) !== DecisionKind.Step) return -1;
    return this.#parts.kernel.running(state.kernel, decisionX(decision));
  }

  #isWaiting(state: MovingState, part: number): boolean {
    const { awaits, value } = this.#parts.threads.facts[part]!;
    return state.read(this.#parts.slotOfWord(awaits)) === value;
  }

  #classes(state: MovingState): number {
    const { kernel, threads } = this.#parts;
    let classes = 0;
    for (let i = 0; i < this.#cpus.length; i++) {
      const thread = kernel.running(state.kernel, this.#cpus[i]!);
      classes = Math.imul(classes, CLASSES);
      if (thread < 0) continue;
      const part = state.threads[thread]!;
      const kind = threads.kinds.words[part]!;
      if (kind !== AWAITS) classes += kind;
      else if (this.#isWaiting(state, part)) classes += WAITS;
    }
    return classes;
  }
}
