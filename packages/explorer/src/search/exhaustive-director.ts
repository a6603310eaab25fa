import {
  DecisionKind,
  NO_DECISION,
  decisionKind,
  encodeDecision,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';
import type { ClaimTable } from './claims.js';
import { FingerprintSet } from './fingerprint-set.js';
import type { OwnStoreSteps } from './own-store-steps.js';
import type { PackedPaths } from './packed-paths.js';
import { ScheduleBounds, UNBOUNDED } from './schedule-bounds.js';
import type { BoundLimits } from './schedule-bounds.js';
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

/** A part of a search: the paths that begin in some ways, but for those that other parts take. */
export interface SearchedPart {
  /** What is decided and answered before the part begins. */
  readonly paths: PackedPaths;
  /** Where states are claimed that several parts may come to; undefined where they are this part's. */
  readonly claims: ClaimTable | undefined;
  /** A word that differs where different continuations are left to other parts. */
  readonly spent: number;
  /** Starts a run. */
  start(): void;
  /** What was decided last is done, and has led here. */
  ended(point: DecisionPoint): void;
  /** Whether a point before the part begins is to be {@link met} now. */
  readonly notesWay: boolean;
  /** The run is in a state, from which the first `count` of `possible` are. */
  met(state: StateFingerprint, possible: readonly Decision[], count: number): void;
  /** Keeps those that are not left to other parts, and returns how many. */
  admit(possible: Decision[], count: number): number;
  /** One of these is taken. */
  taken(decision: Decision, point: DecisionPoint): void;
  /** The last decision before the part begins is taken in this state. */
  begunIn(state: StateFingerprint): void;
  /** A question with so many answers is asked in the middle of what was decided last, or before anything is. */
  asked(count: number): void;
  /** This is the answer. */
  answered(answer: number): void;
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
  /** Whether the run was given up, since all that it could come to is found elsewhere. */
  isRedundant = false;
  /** Kernel events on the path of this run. */
  events = 0;
  /** Most kernel events on any path that led to a new state. */
  mostEvents = 0;
  /** Leaves interleavings out once no more kernel events may come; undefined where all are taken. */
  stores: OwnStoreSteps | undefined;
  readonly #fingerprint: StateFingerprint;
  readonly #bounds = new ScheduleBounds();
  #isBoundReached = false;
  readonly #seen = new FingerprintSet();
  readonly #tree = new SearchTree();
  readonly #possible: Decision[] = [];
  readonly #prefix: number[] = [];
  #prefixLength = 0;
  /** Where the last decision of the prefix is: behind it are answers alone. */
  #lastDecision = -1;
  #bound = Infinity;
  #node = ROOT;
  #depth = 0;
  #start: { readonly node: number; readonly events: number } = { node: ROOT, events: 0 };
  #part: SearchedPart | undefined;

  constructor(fingerprint: StateFingerprint) {
    this.#fingerprint = fingerprint;
  }

  /** Distinct states seen. */
  get states(): number {
    return this.#seen.size;
  }

  /** Whether a bound kept any path from being taken. */
  get boundReached(): boolean {
    return this.#isBoundReached || this.#bounds.reached;
  }

  /** Starts a search within bounds, of everything or of one part. */
  begin(limits: BoundLimits = UNBOUNDED, part?: SearchedPart): void {
    this.#bound = limits.kernelEvents;
    // The tree of paths goes by the number of kernel events and bounds it.
    this.#bounds.begin({ ...limits, kernelEvents: Infinity });
    this.#seen.clear();
    this.#tree.clear();
    this.#isBoundReached = false;
    this.mostEvents = 0;
    this.#part = part;
    if (part !== undefined) this.#tree.load(part.paths);
    this.#startAt(this.#tree.next() ?? { node: ROOT, events: 0 });
  }

  /** Counts the state in which a run ended among those seen. */
  noteEnd(): void {
    this.#isNew(this.#bounds.isActive ? this.#bounds : undefined);
  }

  /** Whether there is a next path, of those with at most so many kernel events. */
  hasMore(most?: number): boolean {
    return this.#tree.hasNext(most);
  }

  /** Takes out all paths with so many kernel events that were not taken, dealt out to so many trees. */
  takeOut(events: number, treesFor: (paths: number) => number): PackedPaths[] {
    return this.#tree.takeOut(events, treesFor);
  }

  /** Moves to the next path, of those with at most so many kernel events; false when all were taken. */
  advance(most?: number): boolean {
    const next = this.#tree.next(most);
    if (next === undefined) return false;
    this.#startAt(next);
    return true;
  }

  /** Whether the run repeats a path that was taken before. */
  get isRepeating(): boolean {
    return this.#depth < this.#prefixLength;
  }

  /** The next run takes the same path, and goes on where this one stopped. */
  again(): void {
    this.#startAt({ node: this.#node, events: this.events });
  }

  start(): void {
    this.stores?.start();
    this.#bounds.start();
    this.#depth = 0;
    this.#node = this.#start.node;
    this.events = this.#start.events;
    this.cut = this.isRedundant = false;
    this.#part?.start();
  }

  decide(point: DecisionPoint): Decision {
    this.stores?.look(point);
    const bounds = this.#bounds.isActive ? this.#bounds : undefined;
    const part = this.#part;
    part?.ended(point);
    if (this.#depth < this.#prefixLength) {
      if (part !== undefined) this.#noteWay(part, point);
      const again = this.#prefix[this.#depth++]! as Decision;
      bounds?.admit(point, this.#possible, point.enumerate(this.#possible));
      bounds?.take(point, again);
      part?.taken(again, point);
      return again;
    }
    if (!this.#isNew(bounds)) {
      this.cut = true;
      return NO_DECISION;
    }
    if (this.events > this.mostEvents) this.mostEvents = this.events;
    const all = point.enumerate(this.#possible);
    let count = all;
    if (bounds !== undefined) count = bounds.admit(point, this.#possible, count);
    else if (this.events >= this.#bound && this.stores !== undefined)
      count = this.stores.admit(this.#possible, count, point);
    if (part !== undefined) {
      part.met(this.#fingerprint, this.#possible, count);
      count = part.admit(this.#possible, count);
    }
    const taken = this.#branch(count);
    bounds?.take(point, taken);
    if (taken === NO_DECISION)
      this.cut = (part === undefined ? count : all) > 0 && !point.isDeadlocked();
    else part?.taken(taken, point);
    return taken;
  }

  choose(kind: number, count: number): number {
    const part = this.#part;
    if (part?.notesWay === true || this.#depth > this.#lastDecision) part?.asked(count);
    const answer = this.#answer(kind, count);
    this.#bounds.takeAnswer(answer);
    part?.answered(answer);
    return answer;
  }

  /** The next run repeats the path to a node, and goes on from there. */
  #startAt(start: { readonly node: number; readonly events: number }): void {
    const prefix = this.#prefix;
    this.#start = start;
    let last = (this.#prefixLength = this.#tree.path(start.node, prefix));
    do last -= 1;
    while (last >= 0 && decisionKind(prefix[last]! as Decision) === DecisionKind.Choice);
    this.#lastDecision = last;
  }

  #noteWay(part: SearchedPart, point: DecisionPoint): void {
    const fingerprint = this.#fingerprint;
    if (part.notesWay) {
      fingerprint.compute();
      part.met(fingerprint, this.#possible, point.enumerate(this.#possible));
    } else if (this.#depth === this.#lastDecision) {
      fingerprint.compute();
      part.begunIn(fingerprint);
    }
  }

  #answer(kind: number, count: number): number {
    if (this.#depth < this.#prefixLength) return this.#prefix[this.#depth++]! & 0xffff;
    const admitted = this.#bounds.admitAnswers(count);
    for (let i = 0; i < admitted; i++)
      this.#possible[i] = encodeDecision(DecisionKind.Choice, kind, i);
    return this.#branch(admitted) & 0xffff;
  }

  #isNew(bounds: ScheduleBounds | undefined): boolean {
    const fingerprint = this.#fingerprint;
    fingerprint.compute();
    const { low, high } = fingerprint;
    const claims = this.#part?.claims;
    if (claims !== undefined) return claims.add(low, high);
    if (bounds === undefined && this.#part === undefined) return this.#seen.add(low, high);
    const spent = (bounds?.spent ?? 0) ^ (this.#part?.spent ?? 0);
    return this.#seen.add((low + spent) | 0, (high ^ Math.imul(spent, 0xc2b2ae35)) | 0);
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
      } else this.#isBoundReached = true;
    }
    return taken;
  }
}
