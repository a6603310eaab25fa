import { DECISION_BITS, DecisionField, moverOf, nodeOf } from './decision-lists.js';
import type { DecisionList } from './decision-lists.js';
import type { CarriedPhase } from '../symmetry/phase-images.js';
import type { FreeStep } from './free-step.js';
import type { Frontier } from './frontier.js';
import { KnownTransitions } from './known-transitions.js';
import { leafOf } from './leaf.js';
import type { MachineProbe, PhasePlace, ProbedTransition } from './machine-probe.js';
import type { MovingState } from './moving-state.js';
import { PhaseNodes } from './phase-nodes.js';
import { SCHEDULE, SETTLE } from './phase-record.js';
import type { StateParts } from './state-parts.js';
import type { TransitionLabels } from './transition-labels.js';
import { NodeKind, TransitionMemo } from './transition-memo.js';

/** What is known of a step: that it has to be interleaved, or how it need not be. */
export type Freedom =
  | { readonly kind: 'bound' }
  | (FreeStep & {
      /** The slots of the words that it accesses. */
      readonly words: readonly number[];
    });

const BOUND: Freedom = { kind: 'bound' };

/** What transitions are taken with. */
export interface TransitionPorts {
  readonly probe: MachineProbe;
  readonly parts: StateParts;
  readonly frontier: Frontier;
  readonly labels: TransitionLabels;
  /** The machine stands in the state to which a transition led. */
  arrived(state: MovingState): void;
  /** Something was found at the end of a script of decisions and answers. */
  found(script: readonly number[]): void;
  /** The machine carried a phase out that is known from now on; it may be left anywhere. */
  carried?(phase: CarriedPhase): void;
}

/**
 * Takes transitions from the present state of a frontier, phase by phase: those that are known as it is
 * known, others on the machine.
 */
export class StateTransitions {
  /** Whether something was found. */
  isOver = false;
  /** Names of transitions. */
  readonly #labels: TransitionLabels;
  readonly #ports: TransitionPorts;
  readonly #parts: StateParts;
  readonly #frontier: Frontier;
  readonly #state: MovingState;
  /** What phases do. */
  readonly memo: TransitionMemo = new TransitionMemo();
  /** Where in it they are looked up. */
  readonly nodes: PhaseNodes;
  readonly #known: KnownTransitions;
  /** By leaf: steps that need not be interleaved with everything, where that is asked for. */
  readonly #free = new Map<number, Freedom>();
  /** The transition that is taken: its decision, or SETTLE for the start of a run. */
  #decision = SETTLE;
  #isEvent = false;
  /** Its name where no question comes up in it. */
  #label = 0;
  /** The answers to the questions that came up in it. */
  readonly #answers: number[] = [];
  /** Whether the phase that is taken next was carried out just now. */
  #isFresh = false;
  /** Whether the machine was reset since. */
  #isDisplaced = false;
  /** Whether transitions are not taken, but only found out about. */
  #isLearning = false;

  constructor(ports: TransitionPorts) {
    const { parts, probe, frontier, labels } = ports;
    this.#ports = ports;
    this.#labels = labels;
    this.#parts = parts;
    this.#frontier = frontier;
    this.#state = frontier.present;
    this.nodes = new PhaseNodes(this.memo, parts.layout);
    this.#known = new KnownTransitions(this.memo, this.nodes, parts, frontier);
    parts.wordAtStart = (address): number => {
      this.#isDisplaced = true;
      probe.prepare();
      return probe.machine.state.wordOf(address);
    };
    parts.onSlot = (slot, value): void => {
      frontier.present.extend(slot, value);
    };
  }

  /** How many phases the machine carried out; the others were known. */
  get carriedOut(): number {
    return this.memo.leaves;
  }

  /** Starts a run, with every answer to every question that comes up in it. */
  start(): void {
    this.isOver = false;
    this.#decision = SETTLE;
    this.#isEvent = false;
    this.#label = this.#labels.of(SETTLE);
    this.#goOn(0);
    this.#state.marks = 0;
    this.#state.undo(0);
  }

  /** Takes a transition of the present state's list, with every answer to every question in it. */
  take(list: DecisionList, index: number): void {
    const { fields, progress } = list;
    const at = index << DECISION_BITS;
    const isEvent = index >= progress;
    const label = fields[at + DecisionField.Label]!;
    if (label >= 0 && !this.#isLearning && this.#known.take(fields, at, isEvent)) return;
    const state = this.#state;
    const { kernel, entries, memory } = state;
    const decision = fields[at + DecisionField.Decision]! >>> 0;
    this.#decision = decision;
    this.#isEvent = isEvent;
    this.#label = fields[at + DecisionField.Label] = this.#labels.of(decision);
    this.#branch(this.#follow(this.nodes.decision(fields, at, state)), decision, 0, 0);
    state.kernel = kernel;
    state.marks = 0;
    state.entries = entries;
    state.memory = memory;
    state.undo(0);
  }

  /** Finds out what a transition of the present state's list does, and does not take it. */
  learn(list: DecisionList, index: number): void {
    this.#isLearning = true;
    this.take(list, index);
    this.#isLearning = false;
  }

  /**
   * What is known of a decision of the present state's list: whether it is a step that need not be
   * interleaved with everything. Undefined when it was not taken where all that it reads is the same.
   */
  freedomOf(list: DecisionList, index: number): Freedom | undefined {
    const thread = moverOf(list, index);
    if (thread < 0) return BOUND;
    const access = this.nodes.access(this.#state.threads[thread]!);
    const node = this.#follow(access < 0 ? nodeOf(list, index) : access);
    if (node < 0 || this.memo.kindOf(node) === NodeKind.Unknown) return undefined;
    // What is known, but as no access, is no such step.
    if (access < 0 || this.memo.kindOf(node) !== NodeKind.Leaf) return BOUND;
    return this.#free.get(this.memo.operandOf(node)) ?? BOUND;
  }

  /** Follows what the state holds, to a Choice, a Leaf or an Unknown; -1 where no such state was met. */
  #follow(from: number): number {
    const memo = this.memo;
    const state = this.#state;
    let node = from;
    while (node >= 0 && memo.kindOf(node) === NodeKind.Read)
      node = memo.branch(node, state.read(memo.operandOf(node)));
    return node;
  }

  /** Takes what is left of a transition after so many phases. */
  #goOn(phases: number): void {
    const state = this.#state;
    const { marks, kernel } = this.#parts;
    const cpu = state.marks === 0 ? -1 : marks.first(state.marks);
    if (cpu < 0) this.#arrive();
    else {
      const phase = kernel.running(state.kernel, cpu) < 0 ? SCHEDULE : SETTLE;
      const node = this.#follow(this.nodes.settle(cpu, state));
      this.#branch(node, phase, phases, this.#answers.length);
    }
  }

  /**
   * Goes on from a node of the memo.
   *
   * @param phases how many are over
   * @param asked how many questions came up in phases that are over
   */
  #branch(node: number, phase: number, phases: number, asked: number): void {
    const memo = this.memo;
    let known = node;
    if (known < 0 || memo.kindOf(known) === NodeKind.Unknown) {
      known = this.#carryOut(phase, phases, asked);
      if (this.isOver) return;
    }
    if (memo.kindOf(known) === NodeKind.Leaf) {
      this.#change(memo.operandOf(known), phase);
      this.#goOn(phases + 1);
    } else this.#choose(known, phase, phases, asked);
  }

  /** Goes on with every answer to the question of a node. */
  #choose(node: number, phase: number, phases: number, asked: number): void {
    const memo = this.memo;
    const state = this.#state;
    const { kernel, marks, entries, memory, changes } = state;
    const count = memo.operandOf(node);
    for (let answer = 0; answer < count && !this.isOver; answer++) {
      this.#answers.push(answer);
      this.#branch(this.#follow(memo.branch(node, answer)), phase, phases, asked);
      this.#answers.pop();
      state.kernel = kernel;
      state.marks = marks;
      state.entries = entries;
      state.memory = memory;
      state.undo(changes);
    }
  }

  /** Takes a phase that is known: `leaf` is where what it changes is listed. */
  #change(leaf: number, phase: number): void {
    const state = this.#state;
    const isHere = this.#isFresh && !this.#isDisplaced;
    state.change(this.memo.effects, leaf + 1, phase === SETTLE);
    this.#isFresh = false;
    if (!isHere) return;
    this.#ports.probe.standIn(state.words());
    if (state.marks === 0) this.#ports.arrived(state);
  }

  #arrive(): void {
    if (this.#isLearning) return;
    const answers = this.#answers;
    const label = answers.length === 0 ? this.#label : this.#labels.with(this.#label, answers);
    this.#frontier.take(label, this.#isEvent);
  }

  /** Carries a phase out on the machine, and returns its node of the memo. */
  #carryOut(phase: number, phases: number, asked: number): number {
    const { probe } = this.#ports;
    const state = this.#state;
    const words = state.words();
    const place = (): PhasePlace => ({
      path: this.#frontier.path(),
      decision: this.#decision,
      answers: this.#answers.slice(0, asked),
      phases,
    });
    this.#isDisplaced = false;
    const transition = probe.carryOut(phase, this.#answers.slice(asked), words, place);
    if (transition.isFinding) {
      const { path, decision, answers } = place();
      const script = decision < 0 ? [] : [decision];
      this.isOver = true;
      this.#ports.found([...path, ...script, ...answers, ...transition.answers]);
      return -1;
    }
    this.#isFresh = true;
    const root = this.#rootOf(phase, transition);
    const { allEntries, allMemory } = state;
    const effects = leafOf(transition.effects, this.#parts.layout, allEntries, allMemory);
    const { reads, questions, answers } = transition;
    this.memo.insert(root, words, { reads, questions, answers, effects });
    if (transition.thread >= 0)
      this.nodes.noteAccess(transition.thread, state.threads[transition.thread]!);
    if (this.#ports.carried !== undefined) {
      this.#ports.carried({
        phase,
        words,
        transition,
        leaf: this.#leafOf(root, words, answers),
        place,
      });
      this.#isFresh = false;
    }
    let node = this.memo.follow(root, words);
    if (transition.free !== undefined) this.#note(node, transition.free);
    for (let i = asked; i < this.#answers.length; i++)
      node = this.memo.follow(this.memo.branch(node, this.#answers[i]!), words);
    return node;
  }

  /** The leaf of a phase that was carried out. */
  #leafOf(root: number, words: Int32Array, answers: readonly number[]): number {
    let node = this.memo.follow(root, words);
    for (const answer of answers) node = this.memo.follow(this.memo.branch(node, answer), words);
    return node;
  }

  #note(node: number, free: FreeStep): void {
    const slots = free.addresses.map((address) => this.#parts.slotOfWord(address));
    this.#free.set(this.memo.operandOf(node), { ...free, words: slots.filter((at) => at >= 0) });
  }

  /** Where what a phase does is looked up: an access by its thread, all else by CPU or decision. */
  #rootOf(phase: number, { thread }: ProbedTransition): number {
    if (thread >= 0) return this.nodes.accessRoot(thread);
    if (phase >= 0) return this.memo.root(phase);
    return this.nodes.settleRoot(this.#parts.marks.first(this.#state.marks));
  }
}
