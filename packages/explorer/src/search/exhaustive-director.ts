import { DecisionKind, NO_DECISION, encodeDecision, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';
import { FingerprintSet } from './fingerprint-set.js';
import { ROOT, SearchTree } from './search-tree.js';

/** Tells states of the machine apart; equal states have equal futures. */
export interface StateFingerprint {
  /** Computes the fingerprint of the present state into `low` and `high`. */
  compute(): void;
  /** First 32 bits. */
  readonly low: number;
  /** Last 32 bits. */
  readonly high: number;
}

/**
 * Takes every path, run after run, until {@link advance} says that there is no other.
 *
 * Depth first among the paths with the same number of kernel events, fewest events first: the first
 * failing run has as few as any. A path is cut where it reaches a state seen before, which was then
 * reached with no more events. Invariant: the state after a path depends on its decisions alone, so
 * that replaying a path leads to where it led before.
 */
export class ExhaustiveDirector implements Director {
  readonly name = 'exhaustive';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** Whether the run ended where paths meet or part, and not because no thread could go on. */
  cut = false;
  /** Whether the bound on kernel events kept any path from being taken. */
  boundReached = false;
  /** Kernel events on the path of this run. */
  events = 0;
  /** Most kernel events on any path that led to a new state. */
  mostEvents = 0;
  readonly #fingerprint: StateFingerprint;
  readonly #seen = new FingerprintSet();
  readonly #tree = new SearchTree();
  readonly #possible: Decision[] = [];
  readonly #prefix: number[] = [];
  #prefixLength = 0;
  #bound = Infinity;
  #node = ROOT;
  #depth = 0;
  #start: { readonly node: number; readonly events: number } = { node: ROOT, events: 0 };

  constructor(fingerprint: StateFingerprint) {
    this.#fingerprint = fingerprint;
  }

  /** Distinct states seen. */
  get states(): number {
    return this.#seen.size;
  }

  /** Starts a search with at most `bound` kernel events on a path. */
  begin(bound: number): void {
    this.#bound = bound;
    this.#seen.clear();
    this.#tree.clear();
    this.boundReached = false;
    this.mostEvents = 0;
    this.#start = { node: ROOT, events: 0 };
    this.#prefixLength = 0;
  }

  /** Moves to the next path; false when all were taken. */
  advance(): boolean {
    const next = this.#tree.next();
    if (next === undefined) return false;
    this.#start = next;
    this.#prefixLength = this.#tree.path(next.node, this.#prefix);
    return true;
  }

  start(): void {
    this.#depth = 0;
    this.#node = this.#start.node;
    this.events = this.#start.events;
    this.cut = false;
  }

  decide(point: DecisionPoint): Decision {
    if (this.#depth < this.#prefixLength) return this.#prefix[this.#depth++]! as Decision;
    const fingerprint = this.#fingerprint;
    fingerprint.compute();
    if (!this.#seen.add(fingerprint.low, fingerprint.high)) {
      this.cut = true;
      return NO_DECISION;
    }
    if (this.events > this.mostEvents) this.mostEvents = this.events;
    const count = point.enumerate(this.#possible);
    const taken = this.#branch(count);
    if (taken === NO_DECISION) this.cut = count > 0 && !point.isDeadlocked();
    return taken;
  }

  choose(kind: number, count: number): number {
    if (this.#depth < this.#prefixLength) return this.#prefix[this.#depth++]! & 0xffff;
    for (let i = 0; i < count; i++)
      this.#possible[i] = encodeDecision(DecisionKind.Choice, kind, i);
    return this.#branch(count) & 0xffff;
  }

  /** Postpones all alternatives but one, which it takes: the first that is no kernel event. */
  #branch(count: number): Decision {
    const from = this.#node;
    let taken = NO_DECISION;
    for (let i = count - 1; i >= 0; i--) {
      const decision = this.#possible[i]!;
      if (!isKernelEvent(decision)) {
        if (taken !== NO_DECISION) this.#tree.postpone(this.#node, this.events);
        taken = decision;
        this.#node = this.#tree.extend(from, decision);
      } else if (this.events < this.#bound) {
        this.#tree.postpone(this.#tree.extend(from, decision), this.events + 1);
      } else this.boundReached = true;
    }
    return taken;
  }
}
