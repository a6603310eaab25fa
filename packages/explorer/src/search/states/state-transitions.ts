import type { DecisionList } from './decision-lists.js';
import type { MachineProbe, PhasePlace, ProbedTransition } from './machine-probe.js';
import { SCHEDULE, SETTLE } from './phase-record.js';
import type { StateDraft } from './state-draft.js';
import type { StateFrontier } from './state-frontier.js';
import type { StateParts } from './state-parts.js';
import { TransitionLabels } from './transition-labels.js';
import { NodeKind, TransitionMemo } from './transition-memo.js';

/** Roots of the memo: below SETTLE_ROOT those of CPUs that settle, below ACCESS_ROOT accesses of threads. */
const SETTLE_ROOT = -1;
const ACCESS_ROOT = -1 - (1 << 16);

/** No answers. */
const NONE: readonly number[] = [];

/** What transitions are taken with. */
export interface TransitionPorts {
  readonly probe: MachineProbe;
  readonly parts: StateParts;
  readonly frontier: StateFrontier;
  /** A transition led to a state. */
  arrived(state: StateDraft): void;
  /** Something was found at the end of a script of decisions and answers. */
  found(script: readonly number[]): void;
}

/**
 * Takes transitions from the present state of a frontier, phase by phase: those that are known as it is
 * known, others on the machine.
 */
export class StateTransitions {
  /** Whether something was found. */
  isOver = false;
  /** Names of transitions. */
  readonly labels: TransitionLabels = new TransitionLabels();
  readonly #ports: TransitionPorts;
  readonly #memo = new TransitionMemo();
  /** States between the phases of a transition, one for every question that is open. */
  readonly #drafts: StateDraft[] = [];
  readonly #accessRoots: number[] = [];
  readonly #settleRoots: number[] = [];
  /** The transition that is taken: its decision, or SETTLE for the start of a run. */
  #decision = SETTLE;
  #isEvent = false;
  /** The answers to the questions that came up in it. */
  readonly #answers: number[] = [];
  /** Whether the phase that is taken next was carried out just now. */
  #isFresh = false;
  /** Whether the machine was reset since. */
  #isDisplaced = false;

  constructor(ports: TransitionPorts) {
    const { parts, probe } = ports;
    this.#ports = ports;
    for (let thread = 0; thread < parts.layout.threads; thread++)
      this.#accessRoots.push(this.#memo.root(ACCESS_ROOT - thread));
    for (let cpu = 0; cpu < probe.machine.cpus.capacity; cpu++)
      this.#settleRoots.push(this.#memo.root(SETTLE_ROOT - cpu));
    parts.wordAtStart = (address): number => {
      this.#isDisplaced = true;
      probe.prepare();
      return probe.machine.state.wordOf(address);
    };
    parts.onSlot = (slot, value): void => {
      ports.frontier.extend(slot, value);
      for (const { words } of this.#drafts) words[slot] = value;
    };
  }

  /** How many phases the machine carried out; the others were known. */
  get carriedOut(): number {
    return this.#memo.leaves;
  }

  /** The decisions and answers that lead to the present state. */
  path(): number[] {
    const { store, state } = this.#ports.frontier;
    return this.labels.decisionsOf(store.pathTo(state));
  }

  /** Starts a run, with every answer to every question that comes up in it. */
  start(): void {
    this.#begin(SETTLE, false);
    this.#goOn(this.#draft(0), 0, 0);
  }

  /** Takes a transition of the present state's list, with every answer to every question in it. */
  take(list: DecisionList, index: number): void {
    const decision = list.decisions[index]! >>> 0;
    this.#begin(decision, index >= list.progress);
    const draft = this.#draft(0);
    const { words } = draft;
    const thread = list.movers[index]!;
    let node = -1;
    if (thread >= 0) {
      const { layout } = this.#ports.parts;
      node = this.#memo.branch(this.#accessRoots[thread]!, words[layout.thread(thread)]!);
    }
    if (node < 0) node = this.#memo.root(decision);
    this.#branch(this.#memo.follow(node, words), decision, draft, 0, 0, 0);
  }

  #begin(decision: number, isEvent: boolean): void {
    this.#decision = decision;
    this.#isEvent = isEvent;
    if (this.#answers.length > 0) this.#answers.length = 0;
  }

  /** The draft for so many open questions, which begins with that for one less. */
  #draft(depth: number): StateDraft {
    const { frontier } = this.#ports;
    const draft = (this.#drafts[depth] ??= frontier.draft());
    draft.copy(depth === 0 ? frontier.present : this.#drafts[depth - 1]!);
    return draft;
  }

  /** Takes what is left of a transition after so many phases. */
  #goOn(draft: StateDraft, phases: number, depth: number): void {
    const { marks, layout, kernel } = this.#ports.parts;
    const { words } = draft;
    const cpu = marks.first(words[layout.marks]!);
    if (cpu < 0) this.#arrive(draft);
    else {
      const phase = kernel.current(words, cpu) < 0 ? SCHEDULE : SETTLE;
      const node = this.#memo.follow(this.#settleRoots[cpu]!, words);
      this.#branch(node, phase, draft, phases, depth, this.#answers.length);
    }
  }

  /**
   * Goes on from a node of the memo.
   *
   * @param phases how many are over
   * @param depth how many questions are open
   * @param asked how many questions came up in phases that are over
   */
  #branch(
    node: number,
    phase: number,
    draft: StateDraft,
    phases: number,
    depth: number,
    asked: number,
  ): void {
    const memo = this.#memo;
    const { words } = draft;
    let known = node;
    if (known < 0 || memo.kindOf(known) === NodeKind.Unknown) {
      known = this.#carryOut(phase, words, phases, asked);
      if (this.isOver) return;
    }
    if (memo.kindOf(known) === NodeKind.Leaf) {
      this.#change(memo.operandOf(known), phase, draft);
      this.#goOn(draft, phases + 1, depth);
      return;
    }
    const answers = memo.operandOf(known);
    for (let answer = 0; answer < answers && !this.isOver; answer++) {
      this.#answers.push(answer);
      const next = memo.follow(memo.branch(known, answer), words);
      this.#branch(next, phase, this.#draft(depth + 1), phases, depth + 1, asked);
      this.#answers.pop();
    }
  }

  /** Takes a phase that is known: `leaf` is where what it changes is listed. */
  #change(leaf: number, phase: number, draft: StateDraft): void {
    const { effects } = this.#memo;
    if (phase === SETTLE) draft.unmark();
    draft.change(effects, leaf + 1, leaf + 1 + effects[leaf]!);
    if (!this.#isFresh) return;
    this.#isFresh = false;
    if (!this.#isDisplaced) this.#ports.probe.standIn(draft.words);
  }

  #arrive(draft: StateDraft): void {
    const label = this.labels.of(this.#decision, this.#answers);
    this.#ports.frontier.take(draft, label, this.#isEvent);
    this.#ports.arrived(draft);
  }

  /** Carries a phase out on the machine, and returns its node of the memo. */
  #carryOut(phase: number, words: Int32Array, phases: number, asked: number): number {
    const { probe } = this.#ports;
    const place = (): PhasePlace => ({
      path: this.path(),
      decision: this.#decision,
      answers: this.#answers.slice(0, asked),
      phases,
    });
    this.#isDisplaced = false;
    const transition = probe.carryOut(phase, this.#answers.slice(asked), words, place);
    if (transition.isFinding) {
      const { path, decision, answers } = place();
      const script = decision < 0 ? NONE : [decision];
      this.isOver = true;
      this.#ports.found([...path, ...script, ...answers, ...transition.answers]);
      return -1;
    }
    this.#isFresh = true;
    const root = this.#rootOf(phase, words, transition);
    this.#memo.insert(root, words, transition);
    let node = this.#memo.follow(root, words);
    for (let i = asked; i < this.#answers.length; i++)
      node = this.#memo.follow(this.#memo.branch(node, this.#answers[i]!), words);
    return node;
  }

  /** Where what a phase does is looked up: an access by its thread, all else by CPU or decision. */
  #rootOf(phase: number, words: Int32Array, { thread }: ProbedTransition): number {
    if (thread >= 0) return this.#accessRoots[thread]!;
    if (phase >= 0) return this.#memo.root(phase);
    const { marks, layout } = this.#ports.parts;
    return this.#settleRoots[marks.first(words[layout.marks]!)]!;
  }
}
