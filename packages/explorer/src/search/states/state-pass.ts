import { DecisionKind, decisionKind, decisionX, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import type { Finding } from '../../finding.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import { DecisionLists } from './decision-lists.js';
import type { DecisionList } from './decision-lists.js';
import type { MachineProbe } from './machine-probe.js';
import { StateFrontier } from './state-frontier.js';
import type { FrontierOptions } from './state-frontier.js';
import { TransitionLabels } from './transition-labels.js';
import { NodeKind, TransitionMemo } from './transition-memo.js';
import { Unsuitable } from './unsuitable.js';

/** Kinds of transitions beside the decisions: the start of a run, and accesses of each thread. */
const START = -1;
const ACCESS_ROOT = -2;

/** No answers. */
const NONE: readonly number[] = [];

/** States between two reports of progress. */
const REPORT_STATES = 256;

/** One pass over the states of a scenario. */
export class StatePass {
  readonly #probe: MachineProbe;
  readonly #limits: PassLimits;
  readonly #onProgress: ((counts: PassCounts) => void) | undefined;
  readonly #memo = new TransitionMemo();
  readonly #labels = new TransitionLabels();
  readonly #lists: DecisionLists;
  readonly #frontier: StateFrontier;
  #ends = 0;
  #blocked = 0;
  #isBounded = false;
  /** Whether the transition that is taken next was carried out just now. */
  #isAtNext = false;
  /** Whether the machine was reset since. */
  #isDisplaced = false;
  #failure: { readonly finding: Finding; readonly decisions: Uint32Array } | undefined;

  constructor(
    probe: MachineProbe,
    options: FrontierOptions,
    limits: PassLimits,
    onProgress?: (counts: PassCounts) => void,
  ) {
    this.#probe = probe;
    this.#limits = limits;
    this.#onProgress = onProgress;
    this.#frontier = new StateFrontier(options);
    this.#lists = new DecisionLists(probe.parts, probe.machine.cpus.possible);
  }

  /** How many transitions the machine carried out; the others were known. */
  get carriedOut(): number {
    return this.#memo.leaves;
  }

  /** Bytes kept for the states, and for the edges between them. */
  get bytes(): { readonly states: number; readonly edges: number } {
    return { states: this.#frontier.store.bytes, edges: this.#frontier.endless.bytes };
  }

  /** Makes the pass. */
  run(): PassResult {
    this.#begin();
    while (this.#failure === undefined && this.#frontier.advance()) {
      if (this.#isOver()) return { end: 'gave-up', ...this.counts() };
      this.#visit();
    }
    if (this.#failure === undefined) this.#lookForLivelock();
    if (this.#failure === undefined)
      return { end: this.#isBounded ? 'bounded' : 'all', ...this.counts() };
    const { decisions } = this.#failure;
    const kernelEvents = decisions.filter((one) => isKernelEvent(one as Decision)).length;
    return { end: 'finding', ...this.#failure, ...this.counts(), kernelEvents };
  }

  /** Counts so far. */
  counts(): PassCounts {
    const { meetings, reached, mostEvents } = this.#frontier;
    return {
      executions: meetings + this.#ends,
      classes: 0,
      blocked: this.#blocked,
      states: reached,
      kernelEvents: mostEvents,
    };
  }

  #isOver(): boolean {
    const { meetings, state, store } = this.#frontier;
    const { executions, decisions } = this.#limits;
    return meetings + this.#ends >= executions || store.depthOf(state) > decisions;
  }

  #begin(): void {
    const { parts } = this.#probe;
    parts.wordAtStart = (address): number => {
      this.#isDisplaced = true;
      this.#probe.prepare();
      return this.#probe.machine.state.wordOf(address);
    };
    parts.onSlot = (slot, value): void => {
      this.#frontier.extend(slot, value);
    };
    this.#probe.prepare();
    parts.begin();
    this.#frontier.begin(parts.base);
    this.#expand(START, NONE, false);
  }

  /** Takes all transitions from a state. */
  #visit(): void {
    const { layer, endless, state, reached } = this.#frontier;
    if (reached % REPORT_STATES === 0) this.#onProgress?.(this.counts());
    const { decisions, progress } = this.#list();
    if (progress === 0) this.#end();
    let last = decisions.length - 1;
    if (last >= progress && layer >= this.#limits.kernelEvents) {
      this.#isBounded = true;
      endless.leave(state);
      last = progress - 1;
    }
    // The first comes last, so that the machine, which carried it out, stands in the state that is next.
    for (let i = last; i >= 0 && this.#failure === undefined; i--)
      this.#expand(decisions[i]! >>> 0, NONE, i >= progress);
  }

  #list(): DecisionList {
    const { words, state } = this.#frontier;
    const known = this.#lists.find(words);
    if (known !== undefined) return known;
    this.#probe.goTo(state, () => this.#path(), words);
    return this.#lists.add(words, this.#probe.look());
  }

  /** The decisions that lead to the present state. */
  #path(): number[] {
    return this.#labels.decisionsOf(this.#frontier.store.pathTo(this.#frontier.state));
  }

  /** A run ends here: every thread has exited, or none can go on without a kernel event. */
  #end(): void {
    this.#ends += 1;
    const { findings, result } = this.#probe.judge(this.#path());
    if (findings[0] !== undefined) this.#fail(findings[0]);
    if (result.outcome === 'stopped') return;
    this.#frontier.endless.leave(this.#frontier.state);
    if (result.outcome === 'stuck') this.#blocked += 1;
    else if (result.outcome !== 'finished')
      throw new Unsuitable('a path does not end where it did');
  }

  #fail(finding: Finding): void {
    this.#failure = { finding, decisions: this.#probe.machine.decisions };
  }

  /** Takes a transition, with every answer to every question that comes up in it. */
  #expand(decision: number, answers: readonly number[], isEvent: boolean): void {
    const memo = this.#memo;
    let node = this.#follow(decision, answers);
    if (node < 0 || memo.kindOf(node) === NodeKind.Unknown) {
      this.#carryOut(decision, answers);
      if (this.#failure !== undefined) return;
      node = this.#follow(decision, answers);
    }
    if (memo.kindOf(node) === NodeKind.Leaf)
      this.#take(memo.operandOf(node), this.#labels.of(decision, answers), isEvent);
    else
      for (let answer = 0; answer < memo.operandOf(node); answer++)
        this.#expand(decision, [...answers, answer], isEvent);
  }

  #follow(decision: number, answers: readonly number[]): number {
    const memo = this.#memo;
    const { words } = this.#frontier;
    let node = memo.follow(this.#rootOf(decision), words);
    for (let i = 0; i < answers.length && node >= 0; i++)
      node = memo.follow(memo.branch(node, answers[i]!), words);
    return node;
  }

  /** Where what a decision does is looked up: an access by its thread, all else by the decision. */
  #rootOf(decision: number): number {
    const memo = this.#memo;
    if (decision < 0 || decisionKind(decision as Decision) !== DecisionKind.Step)
      return memo.root(decision);
    const { words } = this.#frontier;
    const thread = this.#lists.currentOn(words, decisionX(decision as Decision));
    const root = memo.root(ACCESS_ROOT - thread);
    return memo.branch(root, words[1 + thread]!) < 0 ? memo.root(decision) : root;
  }

  #carryOut(decision: number, answers: readonly number[]): void {
    const { words, state } = this.#frontier;
    const script = decision < 0 ? answers : [decision, ...answers];
    const path = (): number[] => this.#path();
    if (decision >= 0) this.#probe.goTo(state, path, words);
    else if (answers.length > 0) this.#probe.prepare();
    this.#isDisplaced = false;
    const transition = this.#probe.carryOut(script, words, () => {
      this.#probe.makePath(state, path, words);
    });
    if (transition.isFinding) {
      const { findings } = this.#probe.judge([...(decision < 0 ? NONE : path()), ...script]);
      if (findings[0] === undefined) throw new Unsuitable('what was found is not found again');
      this.#fail(findings[0]);
      return;
    }
    const root = transition.thread < 0 ? decision : ACCESS_ROOT - transition.thread;
    this.#memo.insert(this.#memo.root(root), words, transition);
    this.#isAtNext = true;
  }

  #take(leaf: number, label: number, isEvent: boolean): void {
    const { effects } = this.#memo;
    const next = this.#frontier.take(effects, leaf + 1, leaf + effects[leaf]! + 1, label, isEvent);
    if (!this.#isAtNext) return;
    this.#isAtNext = false;
    const words = this.#frontier.next;
    if (this.#lists.find(words) === undefined) this.#lists.add(words, this.#probe.possible());
    if (!this.#isDisplaced) this.#probe.standsIn(next);
  }

  /** What nobody ever leaves and where nothing ends is a livelock, once every transition was taken. */
  #lookForLivelock(): void {
    const { endless, store } = this.#frontier;
    const found = endless.find(store.size);
    if (found === undefined) return;
    const { state, count, lap } = found;
    this.#probe.judge(this.#labels.decisionsOf([...store.pathTo(state), ...lap]));
    const message =
      `expected every thread to be able to end, got ${count} states ` +
      'that lead to one another for ever';
    this.#fail({ kind: 'livelock', message });
  }
}
