import { answered } from './answer.js';
import type { EventLog } from './event-log.js';
import { isSameDecision } from './event-record.js';
import type { KernelPlanner } from './kernel-planner.js';
import type { NodeStates } from './node-states.js';

/** Answers questions in the middle of events for which no answer is planned, and plans all others. */
export class OpenAnswers {
  /** After a probe: other answers to questions in the last event, which were not planned. */
  readonly others: number[][] = [];
  readonly #log: EventLog;
  readonly #nodes: NodeStates;
  readonly #planner: KernelPlanner;

  constructor(log: EventLog, nodes: NodeStates, planner: KernelPlanner) {
    this.#log = log;
    this.#nodes = nodes;
    this.#planner = planner;
  }

  /**
   * Answers a question with `count` answers that comes up in the last event.
   *
   * @param isOwn whether other answers are to be planned here
   * @returns undefined where all answers have been tried: an event was planned here whose question was
   *   another one
   */
  choose(count: number, isOwn: boolean): number | undefined {
    const log = this.#log;
    const event = log.length - 1;
    const before = log.answers[event] ?? [];
    const process = log.process[event]!;
    const decision = log.decision[event]!;
    const asleep = this.#nodes.asleep[event]!;
    let first: number | undefined;
    let planned: number[] | undefined;
    for (let answer = count - 1; answer >= 0; answer--) {
      const answers = [...before, answered(answer, count)];
      if (asleep.some((record) => isSameDecision(record, decision, answers))) continue;
      if (planned !== undefined && isOwn) this.#planner.plan(event, process, decision, planned);
      else if (planned !== undefined) this.others.push(planned);
      first = answer;
      planned = answers;
    }
    return first;
  }
}
