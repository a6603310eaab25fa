import { NO_DECISION, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';
import type { SearchedPart, StateFingerprint } from '../exhaustive-director.js';
import { FingerprintSet } from '../fingerprint-set.js';
import { PRIME_A, PRIME_B, mix } from '../hash-mix.js';
import { toRecord } from '../stateless/search-unit.js';
import type { GraphNotes, GraphUnit } from './graph-unit.js';
import type { SleepingEvents } from './sleeping-events.js';

/** Bits of the number of kernel events that are possible in a state. */
const EVENT_BITS = 16;

/**
 * What one part of a search for graphs leaves to others, and what it meets.
 *
 * From what all parts met together follows what a search that is not cut would have counted: how many
 * ways lead on from a state is noted with it.
 */
export class GraphPart implements SearchedPart {
  words: readonly number[] = [];
  events = 0;
  notesWay = true;
  readonly #sleeping: SleepingEvents;
  readonly #met = new FingerprintSet();
  readonly #asked = new FingerprintSet();
  #states: number[][] = [];
  #questions: number[] = [];
  #blocked: number[] = [];
  #classes: number[] = [];
  readonly #seenClasses = new FingerprintSet();
  /** Kernel events of the run. */
  #events = 0;
  #low = 0;
  #high = 0;
  /** What was decided last, with the answers to the questions that came up. */
  #last = 0;

  constructor(sleeping: SleepingEvents) {
    this.#sleeping = sleeping;
  }

  get spent(): number {
    return this.#sleeping.word;
  }

  /** What was met since {@link begin}. */
  get notes(): GraphNotes {
    return {
      states: this.#states,
      questions: this.#questions,
      blocked: this.#blocked,
      classes: this.#classes,
    };
  }

  /** Starts the search of a part. */
  begin({ words, decisions, events, asleep }: GraphUnit): void {
    const sleeping = this.#sleeping;
    this.words = words;
    this.events = events;
    this.notesWay = true;
    sleeping.begin(
      asleep.map((event) => toRecord(event, sleeping.locations)),
      decisions,
    );
    for (const set of [this.#met, this.#asked, this.#seenClasses]) set.clear();
    this.#states = [];
    this.#questions = [];
    this.#blocked = [];
    this.#classes = [];
  }

  start(): void {
    this.#sleeping.start();
    this.#events = 0;
    this.#last = 0;
  }

  ended(point: DecisionPoint): void {
    this.#sleeping.ended(point);
  }

  met({ low, high }: StateFingerprint, possible: readonly Decision[], count: number): void {
    this.#low = low;
    this.#high = high;
    if (!this.#met.add(low, high)) return;
    let events = 0;
    for (let i = 0; i < count; i++) if (isKernelEvent(possible[i]!)) events += 1;
    while (this.#states.length <= this.#events) this.#states.push([]);
    this.#states[this.#events]!.push(low, high, ((count - events) << EVENT_BITS) | events);
  }

  admit(possible: Decision[], count: number): number {
    if (this.#sleeping.word === 0) return count;
    let kept = 0;
    for (let i = 0; i < count; i++)
      if (!this.#sleeping.has(possible[i]!)) possible[kept++] = possible[i]!;
    return kept;
  }

  taken(decision: Decision, point: DecisionPoint): void {
    if (decision === NO_DECISION) return;
    if (isKernelEvent(decision)) this.#events += 1;
    this.#last = decision | 0;
    this.#sleeping.begins(decision, point);
  }

  asked({ low, high }: StateFingerprint, count: number): void {
    const one = mix(low, this.#last, PRIME_A);
    const other = mix(high, this.#last, PRIME_B);
    if (this.#asked.add(one, other)) this.#questions.push(one, other, count - 1);
  }

  answered(answer: number): void {
    this.#last = mix(this.#last, answer + 1, PRIME_B);
  }

  /** A run is over. */
  finish(): void {
    this.#sleeping.ended();
    this.notesWay = false;
  }

  /** The run came to an end of this class. */
  noteClass(low: number, high: number): void {
    if (this.#seenClasses.add(low, high)) this.#classes.push(low, high);
  }

  /** The run stopped in the state that was met last, where nobody can go on. */
  noteBlocked(): void {
    this.#blocked.push(this.#low, this.#high);
  }
}
