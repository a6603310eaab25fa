import { DecisionKind, decisionKind, decisionX } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import type { PhasePlace } from '../states/machine-probe.js';
import type { PhaseNodes } from '../states/phase-nodes.js';
import { SCHEDULE, SETTLE } from '../states/phase-record.js';
import type { StateParts } from '../states/state-parts.js';
import { NodeKind } from '../states/transition-memo.js';
import type { TransitionMemo } from '../states/transition-memo.js';
import { Unsuitable } from '../states/unsuitable.js';
import type { Permutations } from './permutations.js';

/** Words of a state at most. */
const MOST_SLOTS = 1 << 14;

/** What is known of a phase: what it changes, and how its questions have to be answered by a permutation. */
export interface KnownPhase {
  /** (slot, value), one behind the other. */
  readonly effects: readonly number[];
  /** By permutation; empty where nothing was asked. */
  readonly answers: readonly (readonly number[])[];
}

/**
 * Says how interchangeable threads, in each other's places, get to where a path leads: decisions name others of
 * them, and questions have other answers, as candidates come by number.
 */
export class KnownPaths {
  readonly #parts: StateParts;
  readonly #permutations: Permutations;
  readonly #memo: TransitionMemo;
  readonly #nodes: PhaseNodes;
  /** By leaf of the memo. */
  readonly #phases = new Map<number, KnownPhase>();
  /** The state that a walk is in. */
  readonly #words = new Int32Array(MOST_SLOTS);
  #script: readonly number[] = [];
  #at = 0;
  #image: number[] = [];

  constructor(
    parts: StateParts,
    permutations: Permutations,
    memo: TransitionMemo,
    nodes: PhaseNodes,
  ) {
    this.#parts = parts;
    this.#permutations = permutations;
    this.#memo = memo;
    this.#nodes = nodes;
  }

  /** Notes what is known of the phase of a leaf. */
  note(leaf: number, phase: KnownPhase): void {
    this.#phases.set(leaf, phase);
  }

  /** Decisions and answers that lead to a state, by a permutation. */
  path(permutation: number, path: readonly number[]): number[] {
    this.#begin(path);
    this.#settle(permutation, Infinity);
    while (this.#at < path.length) this.#transition(permutation, Infinity);
    return this.#image;
  }

  /** Where the search is, by a permutation. */
  place(permutation: number, { path, decision, answers, phases }: PhasePlace): PhasePlace {
    if (decision === SETTLE) {
      this.#begin(answers);
      this.#settle(permutation, phases);
      return { path, decision, answers: this.#image, phases };
    }
    const image = this.path(permutation, path);
    this.#image = [];
    this.#script = [decision, ...answers];
    this.#at = 0;
    const [mapped, ...rest] = this.#rest(permutation, phases);
    return { path: image, decision: mapped!, answers: rest, phases };
  }

  #rest(permutation: number, phases: number): number[] {
    if (phases > 0) this.#transition(permutation, phases - 1);
    else this.#image.push(this.#permutations.decision(permutation, this.#script[0]!));
    return this.#image;
  }

  /** Starts at the start of a run. */
  #begin(script: readonly number[]): void {
    const { base } = this.#parts;
    for (let slot = 0; slot < base.length; slot++) this.#words[slot] = base[slot]!;
    this.#script = script;
    this.#at = 0;
    this.#image = [];
  }

  /** Takes a decision of the script, and so many CPUs to user mode behind it. */
  #transition(permutation: number, most: number): void {
    const decision = this.#script[this.#at++]! >>> 0;
    this.#image.push(this.#permutations.decision(permutation, decision));
    this.#phase(permutation, this.#nodeOf(decision), decision);
    this.#settle(permutation, most);
  }

  #nodeOf(decision: number): number {
    if (decisionKind(decision as Decision) === DecisionKind.Step) {
      const { layout, kernel } = this.#parts;
      const thread = kernel.current(this.#words, decisionX(decision as Decision));
      const access = thread < 0 ? -1 : this.#nodes.access(this.#words[layout.thread(thread)]!);
      if (access >= 0) return access;
    }
    return this.#memo.root(decision);
  }

  #settle(permutation: number, most: number): void {
    const { layout, marks, kernel } = this.#parts;
    for (let n = 0; n < most && this.#words[layout.marks] !== 0; n++) {
      const cpu = marks.first(this.#words[layout.marks]!);
      const phase = kernel.current(this.#words, cpu) < 0 ? SCHEDULE : SETTLE;
      this.#phase(permutation, this.#nodes.settleRoot(cpu), phase);
    }
  }

  #phase(permutation: number, from: number, phase: number): void {
    const memo = this.#memo;
    let node = memo.follow(from, this.#words);
    while (node >= 0 && memo.kindOf(node) === NodeKind.Choice)
      node = memo.follow(memo.branch(node, this.#script[this.#at++] ?? 0), this.#words);
    const known = this.#phases.get(node);
    if (known === undefined) throw new Unsuitable('a path is not known that was taken');
    const { effects, answers } = known;
    if (answers.length > 0) this.#image.push(...answers[permutation]!);
    this.#change(effects, phase);
  }

  #change(effects: readonly number[], phase: number): void {
    const { layout, kernel, marks } = this.#parts;
    const words = this.#words;
    if (phase === SETTLE) words[layout.marks] = marks.rest(words[layout.marks]!);
    for (let at = 0; at < effects.length; at += 2) {
      const slot = effects[at]!;
      const value = effects[at + 1]!;
      const owner = layout.ownerOf(slot);
      if (owner < 0) words[slot] = value;
      else words[layout.kernel] = kernel.successor(words[layout.kernel]!, owner, value);
    }
    kernel.derive(words);
  }
}
