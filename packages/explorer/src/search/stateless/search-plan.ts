import { isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { conflictsWithLast, recordOf } from './event-record.js';
import type { EventRecord } from './event-record.js';
import type { SearchBounds, StartingPoint } from './starting-point.js';
import type { StatelessDirector } from './stateless-director.js';

/** Makes one run under the director of a plan, which stops it where it sees fit. */
export type Probe = () => void;

/**
 * Splits a search into parts that need nothing of each other.
 *
 * At the points of the prefixes everything that can come next is taken, each in a part of its own in
 * which what came before it is asleep. So no race has to be reversed in a prefix, and still no class
 * is in two parts. Some parts may turn out to hold none.
 */
export class SearchPlan {
  /** Whether the bound on kernel events kept anything from being tried within the prefixes. */
  boundReached = false;
  readonly #director: StatelessDirector;
  readonly #bounds: SearchBounds;
  readonly #probe: Probe;

  constructor(director: StatelessDirector, bounds: SearchBounds, probe: Probe) {
    this.#director = director;
    this.#bounds = { ...bounds, isProbe: true };
    this.#probe = probe;
  }

  /** Splits until there are at least so many parts, or none can be split; in a fixed order. */
  split(atLeast: number): StartingPoint[] {
    let open: { readonly start: StartingPoint; readonly isWhole: boolean }[] = this.#boots().map(
      (boot) => ({ start: { boot, prefix: [], asleep: [] }, isWhole: false }),
    );
    while (open.length < atLeast && open.some(({ isWhole }) => !isWhole)) {
      const shortest = Math.min(
        ...open.filter(({ isWhole }) => !isWhole).map(({ start }) => start.prefix.length),
      );
      const at = open.findIndex(
        ({ start, isWhole }) => !isWhole && start.prefix.length === shortest,
      );
      const { start } = open[at]!;
      const parts = this.partsOf(start);
      // Where no thread can take a step an execution may end.
      const mayEnd = parts.every(({ prefix }) =>
        isKernelEvent(prefix.at(-1)!.decision as Decision),
      );
      const found = mayEnd
        ? [{ start, isWhole: true }]
        : parts.map((part) => ({ start: part, isWhole: false }));
      open = [...open.slice(0, at), ...found, ...open.slice(at + 1)];
    }
    return open.map(({ start }) => start);
  }

  /** All answers to what the machine asks before the first event. */
  #boots(): (readonly number[])[] {
    const boots: (readonly number[])[] = [];
    const waiting: (readonly number[])[] = [[]];
    for (let boot = waiting.pop(); boot !== undefined; boot = waiting.pop()) {
      this.#run({ boot, prefix: [], asleep: [] });
      boots.push([...this.#director.boot.given]);
      waiting.push(...this.#director.boot.others);
    }
    return boots;
  }

  /** One part for everything that can come next at a point and is not asleep there. */
  partsOf(start: StartingPoint): StartingPoint[] {
    const director = this.#director;
    this.#run(start);
    const waiting = [...director.alternatives];
    const parts: StartingPoint[] = [];
    const done: EventRecord[] = [...start.asleep];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      this.#run({ ...start, prefix: [...start.prefix, next], asleep: [] });
      const { process, decision } = next;
      for (const answers of director.openAnswers.others)
        waiting.unshift({ process, decision, answers, footprint: undefined });
      const { log } = director;
      const asleep = done.filter((record) => !conflictsWithLast(record, log));
      const record = recordOf(log, log.length - 1);
      parts.push({ ...start, prefix: [...start.prefix, record], asleep });
      done.push(record);
    }
    return parts;
  }

  #run(start: StartingPoint): void {
    this.#director.begin(start, this.#bounds);
    this.#probe();
    this.#director.finish();
    this.boundReached ||= this.#director.planner.boundReached;
  }
}
