import { DecisionKind, decisionKind, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { EdgeTable } from './edge-table.js';
import type { StateParts } from './state-parts.js';
import { KERNEL_SLOT } from './state-parts.js';
import { Unsuitable } from './unsuitable.js';

/** What is possible in a state: first what the machine does by itself, then kernel events. */
export interface DecisionList {
  readonly decisions: Int32Array;
  /** How many of them are no kernel events. */
  readonly progress: number;
}

/** What a thread that runs can be about to do, as far as lists tell it apart. */
const CLASSES = 3;
const WAITS = 1;

/** Decisions that read and change parts of a state and nothing else. */
const KNOWN_KINDS: ReadonlySet<number> = new Set([
  DecisionKind.Step,
  DecisionKind.Preempt,
  DecisionKind.Migrate,
]);

/**
 * What is possible, by the kernel's part of a state and whether the running threads can go on or are
 * about to exit.
 */
export class DecisionLists {
  readonly #parts: StateParts;
  /** Index of each possible CPU among them. */
  readonly #indexOf: Int32Array;
  readonly #lists: DecisionList[] = [];
  readonly #byState = new EdgeTable();

  constructor(parts: StateParts, cpus: readonly number[]) {
    this.#parts = parts;
    this.#indexOf = new Int32Array((cpus.at(-1) ?? 0) + 1).fill(-1);
    for (const [index, cpu] of cpus.entries()) this.#indexOf[cpu] = index;
  }

  /** The thread on a CPU in a state, or -1. */
  currentOn(words: Int32Array, cpu: number): number {
    return this.#parts.kernel[words[KERNEL_SLOT]!]!.current[this.#indexOf[cpu]!]!;
  }

  /** The list of a state; undefined when none such was met. */
  find(words: Int32Array): DecisionList | undefined {
    const at = this.#byState.find(words[KERNEL_SLOT]!, this.#classes(words));
    return at < 0 ? undefined : this.#lists[at];
  }

  /** Notes the list of a state. */
  add(words: Int32Array, decisions: Int32Array): DecisionList {
    for (const decision of decisions)
      if (!KNOWN_KINDS.has(decisionKind((decision >>> 0) as Decision)))
        throw new Unsuitable('a decision changes what is in no part of a state');
    const first = decisions.findIndex((decision) => isKernelEvent((decision >>> 0) as Decision));
    const list = { decisions, progress: first < 0 ? decisions.length : first };
    this.#byState.add(words[KERNEL_SLOT]!, this.#classes(words), this.#lists.push(list) - 1);
    return list;
  }

  #classes(words: Int32Array): number {
    const { kernel, threads } = this.#parts;
    const { current } = kernel[words[KERNEL_SLOT]!]!;
    let classes = 0;
    for (let i = 0; i < current.length; i++) {
      const thread = current[i]!;
      classes = Math.imul(classes, CLASSES);
      if (thread < 0) continue;
      const facts = threads[words[1 + thread]!]!;
      classes += facts.awaits >= 0 && words[facts.awaits] === facts.value ? WAITS : facts.kind;
    }
    return classes;
  }
}
