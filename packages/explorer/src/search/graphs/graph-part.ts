import { NO_DECISION } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';
import { toRecord } from '../stateless/search-unit.js';
import type { GraphUnit } from './graph-unit.js';
import { NotedPart } from './noted-part.js';
import { packedPath } from '../packed-paths.js';
import type { SleepingEvents } from './sleeping-events.js';

/** A part of a search for graphs that leaves to others what begins with an event that sleeps. */
export class GraphPart extends NotedPart {
  readonly #sleeping: SleepingEvents;

  constructor(sleeping: SleepingEvents) {
    super();
    this.#sleeping = sleeping;
  }

  get spent(): number {
    return this.#sleeping.word;
  }

  /** Starts the search of a part. */
  begin({ words, decisions, events, asleep }: GraphUnit): void {
    const sleeping = this.#sleeping;
    this.paths = packedPath(words, events);
    this.notesWay = true;
    sleeping.begin(
      asleep.map((event) => toRecord(event, sleeping.locations)),
      decisions,
    );
    this.clear();
  }

  override start(): void {
    this.#sleeping.start();
    super.start();
  }

  override ended(point?: DecisionPoint): void {
    this.#sleeping.ended(point);
  }

  override admit(possible: Decision[], count: number): number {
    if (this.#sleeping.word === 0) return count;
    let kept = 0;
    for (let i = 0; i < count; i++)
      if (!this.#sleeping.has(possible[i]!)) possible[kept++] = possible[i]!;
    return kept;
  }

  override taken(decision: Decision, point: DecisionPoint): void {
    super.taken(decision, point);
    if (decision !== NO_DECISION) this.#sleeping.begins(decision, point);
  }
}
