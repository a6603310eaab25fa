import { NO_DECISION, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';
import { toRecord, toUnitEvent } from '../stateless/search-unit.js';
import type { EventRecord } from '../stateless/event-record.js';
import type { GraphUnit } from './graph-unit.js';
import type { SleepingEvents } from './sleeping-events.js';

/** Makes one run under a director. */
export type GraphProbe = (director: Director) => void;

/** A unit that is to be split, unless nothing comes behind it. */
interface OpenUnit {
  readonly unit: GraphUnit;
  readonly isWhole: boolean;
}

/**
 * Cuts a search for graphs into parts that need nothing of each other.
 *
 * At the points of the prefixes everything that can come next is taken, each in a part of its own in
 * which what came before it sleeps. Two parts meet the same states only where events are taken to
 * conflict that do not.
 */
export class GraphPlan {
  readonly #sleeping: SleepingEvents;
  readonly #bound: number;
  readonly #probe: GraphProbe;

  /** @param bound - most kernel events of a path */
  constructor(sleeping: SleepingEvents, bound: number, probe: GraphProbe) {
    this.#sleeping = sleeping;
    this.#bound = bound;
    this.#probe = probe;
  }

  /** Splits until there are at least so many parts, or none can be split; in a fixed order. */
  split(atLeast: number, unit?: GraphUnit): GraphUnit[] {
    const units = unit === undefined ? this.#beginnings() : [unit];
    let open: OpenUnit[] = units.map((one) => ({ unit: one, isWhole: false }));
    while (open.length < atLeast && open.some(({ isWhole }) => !isWhole)) {
      const lengths = open.filter(({ isWhole }) => !isWhole).map((one) => one.unit.decisions);
      const shortest = Math.min(...lengths);
      const at = open.findIndex((one) => !one.isWhole && one.unit.decisions === shortest);
      const parts = this.#partsOf(open[at]!.unit);
      const found =
        parts.length === 0
          ? [{ ...open[at]!, isWhole: true }]
          : parts.map((part) => ({ unit: part, isWhole: false }));
      open = [...open.slice(0, at), ...found, ...open.slice(at + 1)];
    }
    return open.map((one) => one.unit);
  }

  /** One for every way to answer what the machine asks before the first decision. */
  #beginnings(): GraphUnit[] {
    return this.#ways([], []).map(({ words }) => ({ words, decisions: 0, events: 0, asleep: [] }));
  }

  /** The parts behind a prefix; none where every path ends there. */
  #partsOf({ words, decisions, events, asleep }: GraphUnit): GraphUnit[] {
    const { locations } = this.#sleeping;
    const records = asleep.map((event) => toRecord(event, locations));
    const parts: GraphUnit[] = [];
    const done = [...records];
    for (const decision of this.#possible(words)) {
      const isEvent = isKernelEvent(decision);
      if (isEvent && events >= this.#bound) continue;
      if (records.some((record) => record.decision === decision)) continue;
      const ways = this.#ways([...words, decision], done);
      for (const way of ways)
        parts.push({
          words: way.words,
          decisions: decisions + 1,
          events: events + (isEvent ? 1 : 0),
          asleep: way.asleep.map((record) => toUnitEvent(record, locations)),
        });
      // Not left to other parts: an event in which something is answered, and one behind which nothing
      // can come but an exit, now or once buffers are empty: what others do cannot come between.
      if (ways.length === 1 && !ways[0]!.isForced) done.push(ways[0]!.last!);
    }
    return parts;
  }

  /** What can be decided behind a prefix. */
  #possible(words: readonly number[]): Decision[] {
    const director = new ProbingDirector(words, this.#sleeping);
    this.#run(director);
    return director.possible;
  }

  /** Every way to answer what is asked in the last event of a prefix, and what sleeps behind it. */
  #ways(words: readonly number[], asleep: readonly EventRecord[]): Way[] {
    const ways: Way[] = [];
    const waiting: (readonly number[])[] = [words];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const director = new ProbingDirector(next, this.#sleeping);
      this.#run(director);
      for (const other of director.others) waiting.push(other);
      const isEvent = words.length > 0;
      ways.push({
        words: director.words,
        asleep: isEvent ? this.#sleeping.besideLast(asleep) : [],
        last: isEvent ? this.#sleeping.last : undefined,
        isForced: director.possible.length === 1 || this.#sleeping.lastLeaves,
      });
    }
    return ways;
  }

  #run(director: ProbingDirector): void {
    this.#sleeping.begin([], 0, true);
    this.#probe(director);
    this.#sleeping.ended();
  }
}

/** A prefix with the answers in its last event. */
interface Way {
  readonly words: readonly number[];
  readonly asleep: readonly EventRecord[];
  readonly last: EventRecord | undefined;
  /** Whether there is or may soon be only one way on. */
  readonly isForced: boolean;
}

/** Repeats a prefix and looks at what is possible behind it. */
class ProbingDirector implements Director {
  readonly name = 'probing';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** The prefix, with the answers to what was asked at its end. */
  readonly words: number[];
  /** The same with other answers. */
  readonly others: (readonly number[])[] = [];
  /** What can be decided behind it. */
  possible: Decision[] = [];
  readonly #sleeping: SleepingEvents;
  #at = 0;

  constructor(words: readonly number[], sleeping: SleepingEvents) {
    this.words = [...words];
    this.#sleeping = sleeping;
  }

  start(): void {
    this.#at = 0;
    this.#sleeping.start();
  }

  decide(point: DecisionPoint): Decision {
    this.#sleeping.ended(point);
    const word = this.words[this.#at++];
    if (word === undefined) {
      this.possible = [];
      this.possible.length = point.enumerate(this.possible);
      return NO_DECISION;
    }
    this.#sleeping.begins(word as Decision, point);
    return word as Decision;
  }

  choose(_kind: number, count: number): number {
    const word = this.words[this.#at++];
    if (word !== undefined) return word & 0xffff;
    for (let answer = count - 1; answer > 0; answer--) this.others.push([...this.words, answer]);
    this.words.push(0);
    return 0;
  }
}
