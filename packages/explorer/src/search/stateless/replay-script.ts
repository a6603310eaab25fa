import { DecisionKind, NO_DECISION, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { EventFlag } from './event-log.js';
import { answerOf } from './answer.js';
import type { EventLog } from './event-log.js';

/** Most instructions of one decision. */
const MOST_INSTRUCTIONS = 0xffff;

/** No answers. */
const NONE: readonly number[] = [];

/**
 * The decisions that repeat the beginning of an execution.
 *
 * Steps of one CPU that follow one another, and in which nothing happens but accesses to memory, are
 * one decision: the machine runs through as many instructions as they were.
 */
export class ReplayScript {
  readonly #log: EventLog;
  readonly #mayMerge: () => boolean;
  #decisions = new Uint32Array(1 << 8);
  /** By decision: the event that it repeats; of several the last. */
  #events = new Int32Array(1 << 8);
  #length = 0;
  #at = 0;
  #answered = 0;
  #saved = 0;

  /** @param mayMerge - asked before the decisions are made: whether who watches the run need not see every event */
  constructor(log: EventLog, mayMerge: () => boolean = () => true) {
    this.#log = log;
    this.#mayMerge = mayMerge;
  }

  /** Decisions that the run makes fewer than there are events. */
  get saved(): number {
    return this.#saved;
  }

  /** Whether there is a decision left. */
  get isOver(): boolean {
    return this.#at >= this.#length;
  }

  /**
   * Makes the decisions that repeat the first events of the log.
   */
  prepare(events: number): void {
    if (events > this.#decisions.length) this.#grow(events);
    const log = this.#log;
    const mayMerge = this.#mayMerge();
    let length = 0;
    let open = -1;
    let instructions = 0;
    for (let event = 0; event < events; event++) {
      const isPlain = (log.flags[event]! & EventFlag.Plain) !== 0;
      const process = log.process[event]!;
      const executed = log.instructions[event]!;
      if (isPlain && process === open && instructions + executed < MOST_INSTRUCTIONS) {
        const x = (log.decision[event]! >>> 16) & 0xfff;
        this.#decisions[length - 1] = encodeDecision(DecisionKind.Step, x, instructions + 1);
        this.#events[length - 1] = event;
        instructions += executed;
        continue;
      }
      this.#decisions[length] = log.decision[event]!;
      this.#events[length] = event;
      length += 1;
      open = isPlain && mayMerge ? process : -1;
      instructions = executed;
    }
    this.#length = length;
    this.#saved = events - length;
  }

  /** Starts a run. */
  start(): void {
    this.#at = 0;
  }

  /** The next decision, or NO_DECISION. */
  next(): Decision {
    if (this.isOver) return NO_DECISION;
    this.#answered = 0;
    return this.#decisions[this.#at++]! as Decision;
  }

  /** The next answer to a question that comes up in the last decision. */
  answer(): number {
    const answers = this.#log.answers[this.#events[this.#at - 1]!] ?? NONE;
    return answerOf(answers[this.#answered++] ?? 0);
  }

  #grow(events: number): void {
    const length = Math.max(this.#decisions.length * 2, events);
    this.#decisions = new Uint32Array(length);
    this.#events = new Int32Array(length);
  }
}
