import { DecisionKind, NO_DECISION, encodeDecision, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, SchedulingMode } from '@rseqlab/sim-machine';
import { FingerprintSet } from '../search/fingerprint-set.js';
import { ROOT, SearchTree } from '../search/search-tree.js';
import type { StateFingerprint } from '../search/exhaustive-director.js';
import type { InterruptibleDirector } from '../search/spin/spin-aware-director.js';

/**
 * Takes every way in which a run can go on from where it is, run after run, those with the fewest
 * kernel events first; a way is cut where it meets another.
 */
export class ContinuationDirector implements InterruptibleDirector {
  readonly name = 'continuation';
  readonly scheduling: SchedulingMode;
  readonly granularity = 'access';
  /** Whether the run ended where ways meet, and not because no thread could go on. */
  cut = false;
  /** Asked before every decision; true ends the run. */
  isOver: () => boolean = () => false;
  readonly #fingerprint: StateFingerprint;
  readonly #seen = new FingerprintSet();
  /** States from which every way fails. */
  readonly #failing = new FingerprintSet();
  readonly #tree = new SearchTree();
  readonly #possible: Decision[] = [];
  readonly #path: number[] = [];
  #given: ArrayLike<number> = [];
  #pathLength = 0;
  #start: { readonly node: number; readonly events: number } = { node: ROOT, events: 0 };
  #node = ROOT;
  #depth = 0;

  constructor(scheduling: SchedulingMode, fingerprint: StateFingerprint) {
    this.scheduling = scheduling;
    this.#fingerprint = fingerprint;
  }

  /** Looks for the ways behind these decisions. */
  begin(given: ArrayLike<number>): void {
    this.#given = given;
    this.#seen.clear();
    this.#tree.clear();
    this.#start = { node: ROOT, events: 0 };
    this.#pathLength = 0;
  }

  /** Every way from every state that was seen fails: they need not be looked at again. */
  keep(): void {
    this.#failing.addAll(this.#seen.words());
  }

  /** Whether the run repeats what is given, or a way that was taken before. */
  get isRepeating(): boolean {
    return this.#depth < this.#given.length + this.#pathLength;
  }

  /** The next run goes the same way, and on from where this one stopped. */
  again(): void {
    this.#start = { node: this.#node, events: this.#start.events };
    this.#pathLength = this.#tree.path(this.#node, this.#path);
  }

  /** Moves to the next way; false when all were taken. */
  advance(): boolean {
    const next = this.#tree.next();
    if (next === undefined) return false;
    this.#start = next;
    this.#pathLength = this.#tree.path(next.node, this.#path);
    return true;
  }

  start(): void {
    this.#depth = 0;
    this.#node = this.#start.node;
    this.cut = false;
  }

  decide(point: DecisionPoint): Decision {
    const next = this.#next();
    if (next !== undefined) return next as Decision;
    if (this.isOver()) return NO_DECISION;
    const fingerprint = this.#fingerprint;
    fingerprint.compute();
    const { low, high } = fingerprint;
    if (this.#failing.has(low, high) || !this.#seen.add(low, high)) {
      this.cut = true;
      return NO_DECISION;
    }
    const count = point.enumerate(this.#possible);
    const taken = this.#branch(count);
    if (taken === NO_DECISION) this.cut = count > 0 && !point.isDeadlocked();
    return taken;
  }

  choose(kind: number, count: number): number {
    const next = this.#next();
    if (next !== undefined) return next & 0xffff;
    for (let i = 0; i < count; i++)
      this.#possible[i] = encodeDecision(DecisionKind.Choice, kind, i);
    return this.#branch(count) & 0xffff;
  }

  /** The next decision that is given, or on the way that is taken. */
  #next(): number | undefined {
    const depth = this.#depth++;
    if (depth < this.#given.length) return this.#given[depth];
    return depth < this.#given.length + this.#pathLength
      ? this.#path[depth - this.#given.length]
      : undefined;
  }

  #branch(count: number): Decision {
    const from = this.#node;
    const { events } = this.#start;
    let taken = NO_DECISION;
    for (let i = count - 1; i >= 0; i--) {
      const decision = this.#possible[i]!;
      if (isKernelEvent(decision))
        this.#tree.postpone(this.#tree.extend(from, decision), events + 1);
      else {
        if (taken !== NO_DECISION) this.#tree.postpone(this.#node, events);
        taken = decision;
        this.#node = this.#tree.extend(from, decision);
      }
    }
    return taken;
  }
}
