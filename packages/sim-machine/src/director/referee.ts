import { MachineError } from '../base/machine-error.js';
import { DecisionKind, encodeDecision, formatDecision } from './decision.js';
import type { Decision } from './decision.js';
import type { ChoiceKind, Director, Granularity, SchedulingMode } from './director.js';

const INITIAL_LOG_WORDS = 256;

/**
 * Stands between the machine and its director: refuses answers out of range and keeps the record.
 *
 * The record is the run: replaying it gives the same events, bit for bit.
 */
export class Referee {
  #director: Director;
  #log = new Uint32Array(INITIAL_LOG_WORDS);
  #count = 0;

  constructor(director: Director) {
    this.#director = director;
  }

  /** The director in charge. */
  get director(): Director {
    return this.#director;
  }

  /** See {@link SchedulingMode}. */
  get scheduling(): SchedulingMode {
    return this.#director.scheduling;
  }

  /** See {@link Granularity}. */
  get granularity(): Granularity {
    return this.#director.granularity;
  }

  /** Decisions made since the run started, choices inside steps included. */
  get count(): number {
    return this.#count;
  }

  /**
   * Starts a new record under a director.
   *
   * @throws MachineError `ERR_STATE` when the director is of another kind than the one before
   */
  reset(director: Director): void {
    const { scheduling, granularity } = this.#director;
    if (director.scheduling !== scheduling || director.granularity !== granularity)
      throw new MachineError(
        'ERR_STATE',
        `expected a director with scheduling "${scheduling}" and granularity "${granularity}", ` +
          `which the machine was made for, got "${director.scheduling}" and "${director.granularity}"`,
      );
    this.#director = director;
    this.#count = 0;
  }

  /** A copy of the record. */
  decisions(): Uint32Array {
    return this.#log.slice(0, this.#count);
  }

  /** The record without copying it; valid below {@link count} until the next decision. */
  view(): Uint32Array {
    return this.#log;
  }

  /** Enters a decision that the machine is about to carry out. */
  record(decision: Decision): void {
    if (this.#count === this.#log.length) this.#grow();
    this.#log[this.#count++] = decision;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#count * 2);
    larger.set(this.#log);
    this.#log = larger;
  }

  /** Asks a question that came up inside a step. */
  choose(kind: ChoiceKind, count: number): number {
    const answer = this.#director.choose(kind, count);
    if (!Number.isInteger(answer) || answer < 0 || answer >= count)
      throw new MachineError(
        'ERR_DECISION',
        `director "${this.#director.name}": expected a choice from 0 to ${count - 1}, got ${answer}`,
      );
    this.record(encodeDecision(DecisionKind.Choice, kind, answer));
    return answer;
  }

  /** Refuses the decision entered last, which is not possible now, and takes it out again. */
  refuse(decision: Decision, possible: readonly Decision[]): never {
    this.#count -= 1;
    const shown = possible.slice(0, 8).map(formatDecision).join(', ');
    const more = possible.length > 8 ? `, and ${possible.length - 8} more` : '';
    throw new MachineError(
      'ERR_DECISION',
      `director "${this.#director.name}": expected one of ${shown === '' ? 'none' : shown + more}, ` +
        `got ${formatDecision(decision)}`,
    );
  }
}
