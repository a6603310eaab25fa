import { DecisionKind, decisionKind } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';

/**
 * The decisions of a run, each with the answers that it asked for in the middle of it.
 *
 * Invariant: the words are the record of a run, so that any prefix of whole decisions replays.
 */
export class Timeline {
  readonly #words: number[] = [];
  /** Index of each decision among the words; answers before the first one belong to the start. */
  readonly #starts: number[] = [];

  /** @param words - decisions as a machine or a token recorded them */
  constructor(words: ArrayLike<number> = []) {
    this.append(words);
  }

  /** Decisions, without answers. */
  get length(): number {
    return this.#starts.length;
  }

  /** Appends recorded words. */
  append(words: ArrayLike<number>): void {
    for (let i = 0; i < words.length; i++) this.push(words[i]! as Decision);
  }

  /** Appends a decision, or an answer to the decision before. */
  push(word: Decision): void {
    if (decisionKind(word) !== DecisionKind.Choice) this.#starts.push(this.#words.length);
    this.#words.push(word);
  }

  /** The decision at a position from 0, or undefined behind the end. */
  at(position: number): Decision | undefined {
    const start = this.#starts[position];
    return start === undefined ? undefined : (this.#words[start] as Decision);
  }

  /** The `index`th answer that was given before the decision at `position` was made. */
  answer(position: number, index: number): Decision | undefined {
    const first = position === 0 ? 0 : this.#starts[position - 1]! + 1;
    const at = first + index;
    return at < this.#end(position) ? (this.#words[at] as Decision) : undefined;
  }

  /** The record up to a position, answers of its last decision included. */
  upTo(position: number): Uint32Array {
    return Uint32Array.from(this.#words.slice(0, this.#end(position)));
  }

  /** Takes away everything behind a position, and returns it. */
  cut(position: number): readonly number[] {
    const end = this.#end(position);
    this.#starts.length = Math.min(this.#starts.length, position);
    return this.#words.splice(end);
  }

  #end(position: number): number {
    return this.#starts[position] ?? this.#words.length;
  }
}
