import { NO_DECISION, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';
import type { ClaimTable } from '../claims.js';
import type { SearchedPart, StateFingerprint } from '../exhaustive-director.js';
import { FingerprintSet } from '../fingerprint-set.js';
import { PRIME_A, PRIME_B, mix } from '../hash-mix.js';
import type { GraphNotes } from './graph-unit.js';
import { packedPath } from '../packed-paths.js';
import type { PackedPaths } from '../packed-paths.js';

/** Bits of the number of kernel events that are possible in a state. */
const EVENT_BITS = 16;

/**
 * A part of a search for graphs that notes what it meets.
 *
 * From what all parts met together follows what a search that is not cut would have counted: how many
 * ways lead on from a state is noted with it.
 */
export abstract class NotedPart implements SearchedPart {
  paths: PackedPaths = packedPath([], 0);
  notesWay = false;
  abstract readonly spent: number;
  claims: ClaimTable | undefined;
  readonly #met = new FingerprintSet();
  readonly #asked = new FingerprintSet();
  #states: number[][] = [];
  #questions: number[] = [];
  #blocked: number[] = [];
  #classes: number[] = [];
  #mostEvents = 0;
  readonly #seenClasses = new FingerprintSet();
  /** Kernel events of the run. */
  #events = 0;
  /** The state that was met last. */
  #low = 0;
  #high = 0;
  /** What was decided last, with the answers to the questions that came up. */
  #last = 0;

  /** What was met since {@link clear}. */
  get notes(): GraphNotes {
    return {
      states: this.#states,
      questions: this.#questions,
      blocked: this.#blocked,
      classes: this.#classes,
      mostEvents: this.#mostEvents,
    };
  }

  /** Distinct states that were met. */
  get size(): number {
    return this.#met.size;
  }

  /** Forgets what was met. */
  clear(): void {
    for (const set of [this.#met, this.#asked, this.#seenClasses]) set.clear();
    this.#states = [];
    this.#questions = [];
    this.#blocked = [];
    this.#classes = [];
    this.#mostEvents = 0;
  }

  start(): void {
    this.#events = 0;
    this.#low = this.#high = this.#last = 0;
  }

  ended(_point?: DecisionPoint): void {
    // Only of interest where events sleep.
  }

  begunIn({ low, high }: StateFingerprint): void {
    this.#low = low;
    this.#high = high;
  }

  met(state: StateFingerprint, possible: readonly Decision[], count: number): void {
    const { low, high } = state;
    this.begunIn(state);
    if (!this.#met.add(low, high)) return;
    let events = 0;
    for (let i = 0; i < count; i++) if (isKernelEvent(possible[i]!)) events += 1;
    while (this.#states.length <= this.#events) this.#states.push([]);
    this.#states[this.#events]!.push(low, high, ((count - events) << EVENT_BITS) | events);
  }

  admit(_possible: Decision[], count: number): number {
    return count;
  }

  taken(decision: Decision, _point: DecisionPoint): void {
    if (decision === NO_DECISION) return;
    if (isKernelEvent(decision)) this.#events += 1;
    this.#last = decision | 0;
  }

  /** By the state that the step began in: steps that begin in different states can come to ask in the same one. */
  asked(count: number): void {
    const one = mix(this.#low, this.#last, PRIME_A);
    const other = mix(this.#high, this.#last, PRIME_B);
    if (this.#asked.add(one, other)) this.#questions.push(one, other, count - 1);
  }

  answered(answer: number): void {
    this.#last = mix(this.#last, answer + 1, PRIME_B);
  }

  /** A run is over. */
  finish(): void {
    this.ended();
    this.notesWay = false;
  }

  /** The run came to an end of this class. */
  noteClass(low: number, high: number): void {
    if (this.#events > this.#mostEvents) this.#mostEvents = this.#events;
    if (this.#seenClasses.add(low, high)) this.#classes.push(low, high);
  }

  /** The run stopped in the state that was met last, where nobody can go on. */
  noteBlocked(): void {
    this.#blocked.push(this.#low, this.#high);
  }
}
