import { NO_DECISION, decisionKind, DecisionKind, decisionY } from './decision.js';
import type { Decision } from './decision.js';
import type { Director, Granularity, SchedulingMode } from './director.js';

/** How a scripted run is to be executed. */
export interface ScriptOptions {
  /** Default `free`. */
  readonly scheduling?: SchedulingMode;
  /** Default `instruction`. */
  readonly granularity?: Granularity;
}

/**
 * Makes the decisions of a list, in order, then none.
 *
 * The list may be one that was recorded: then the run is the recorded one, bit for bit.
 */
export class ScriptedDirector implements Director {
  readonly name = 'scripted';
  readonly scheduling: SchedulingMode;
  readonly granularity: Granularity;
  readonly #script: ArrayLike<number>;
  #position = 0;

  constructor(script: ArrayLike<number>, options: ScriptOptions = {}) {
    this.#script = script;
    this.scheduling = options.scheduling ?? 'free';
    this.granularity = options.granularity ?? 'instruction';
  }

  /** How many decisions of the list have been made. */
  get position(): number {
    return this.#position;
  }

  start(): void {
    this.#position = 0;
  }

  decide(): Decision {
    const next = this.#script[this.#position];
    if (next === undefined) return NO_DECISION;
    this.#position += 1;
    return next as Decision;
  }

  choose(): number {
    const next = this.#script[this.#position];
    if (next === undefined) return 0;
    if (decisionKind(next as Decision) !== DecisionKind.Choice) return -1;
    this.#position += 1;
    return decisionY(next as Decision);
  }
}
