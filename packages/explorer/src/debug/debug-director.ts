import { DecisionKind, NO_DECISION, decisionY, encodeDecision } from '@rseqlab/sim-machine';
import type {
  ChoiceKind,
  Decision,
  DecisionPoint,
  Director,
  Granularity,
  SchedulingMode,
} from '@rseqlab/sim-machine';
import type { RecordedDecisions } from '../trace/record-run.js';
import { Timeline } from './timeline.js';

/** Says what is decided next; NO_DECISION stops the run where it is. */
export type NextDecision = (point: DecisionPoint) => Decision;

/**
 * Decides what somebody else says, and keeps what was decided: behind the present position, and ahead
 * of it what was decided before the run went back.
 */
export class DebugDirector implements Director {
  readonly name = 'debugger';
  readonly scheduling: SchedulingMode;
  readonly granularity: Granularity;
  /** Asked before every decision. */
  next: NextDecision = () => NO_DECISION;
  readonly #timeline: Timeline;
  #point: DecisionPoint | undefined;
  #position = 0;
  #answers = 0;
  /** What the last decision took the place of; undefined if nothing, or it was carried out. */
  #made: { readonly replaced: readonly number[] | undefined } | undefined;

  /** @param recorded - a run to follow, which lies ahead at first */
  constructor(recorded: RecordedDecisions | undefined) {
    this.scheduling = recorded?.scheduling ?? 'free';
    this.granularity = recorded?.granularity ?? 'instruction';
    this.#timeline = new Timeline(recorded?.decisions);
  }

  /** What may be looked at when something is to be decided. */
  get point(): DecisionPoint {
    return this.#point!;
  }

  /** Decisions made. */
  get position(): number {
    return this.#position;
  }

  /** Decisions that were made once and lie ahead. */
  get ahead(): number {
    return this.#timeline.length - this.#position;
  }

  /** The next of those, or NO_DECISION. */
  get nextRecorded(): Decision {
    return this.#timeline.at(this.#position) ?? NO_DECISION;
  }

  /** The run so far. */
  get recorded(): RecordedDecisions {
    const { granularity, scheduling } = this;
    return { granularity, scheduling, decisions: this.#timeline.upTo(this.#position) };
  }

  /** Back to the start: everything lies ahead. */
  restart(): void {
    this.#position = 0;
    this.#answers = 0;
    this.#made = undefined;
    this.next = () => NO_DECISION;
  }

  start(point: DecisionPoint): void {
    this.#point = point;
  }

  decide(point: DecisionPoint): Decision {
    this.#made = undefined;
    const decision = this.next(point);
    if (decision === NO_DECISION) return decision;
    const isRecorded = this.nextRecorded === decision;
    this.#made = { replaced: isRecorded ? undefined : this.#timeline.cut(this.#position) };
    if (!isRecorded) this.#timeline.push(decision);
    this.#position += 1;
    this.#answers = 0;
    return decision;
  }

  /**
   * Answers as it was answered before, otherwise by the first of what can be chosen from. Where a
   * recorded run was not asked, nothing is an answer: the scenario is not deterministic.
   */
  choose(kind: ChoiceKind): number {
    const recorded = this.#timeline.answer(this.#position, this.#answers);
    this.#answers += 1;
    if (recorded !== undefined) return decisionY(recorded);
    if (this.ahead > 0) return -1;
    this.#timeline.push(encodeDecision(DecisionKind.Choice, kind, 0));
    return 0;
  }

  /** The last decision was refused and not carried out: it is not part of the run. */
  takeBack(): void {
    if (this.#made === undefined) return;
    this.#position -= 1;
    const { replaced } = this.#made;
    this.#made = undefined;
    if (replaced === undefined) return;
    this.#timeline.cut(this.#position);
    this.#timeline.append(replaced);
  }
}
