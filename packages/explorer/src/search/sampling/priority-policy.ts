import { isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, SeededDraw } from '@rseqlab/sim-machine';
import { agentOf } from './decision-agent.js';
import type { SampledExecution, SamplingPolicy } from './sampling-policy.js';

/** Initial priorities are drawn from so many values above those of change points. */
const PRIORITY_RANGE = 0x4000_0000;

/** An agent that acts so many times as often as a whole run is long, in a row, has to make way. */
const PATIENCE = 4;

/**
 * PCT: every agent has a random priority, the highest that can go on does, and at `depth` - 1 random
 * places the one that is about to go on falls below all others.
 *
 * A bug that needs `depth` ordering constraints between n agents in a run of k decisions is found with
 * probability 1 / (n * k^(depth - 1)) or more. Kernel events come at random places of their own, drawn
 * uniformly among those possible there.
 *
 * @source Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic
 *   Guarantees of Finding Bugs", ASPLOS 2010
 */
export class PriorityPolicy implements SamplingPolicy {
  readonly #depth: number;
  readonly #priorities = new Map<number, number>();
  /** Decisions at which priorities change, with what they change to: (place, priority). */
  readonly #changes: { readonly place: number; readonly priority: number }[] = [];
  readonly #events: number[] = [];
  #draw: SeededDraw | undefined;
  #place = 0;
  #floor = 0;
  #patience = 0;
  #last = -1;
  #inRow = 0;

  /** @param depth ordering constraints of the bugs looked for, 1 or more */
  constructor(depth: number) {
    this.#depth = depth;
  }

  begin({ draw, profile, kernelEvents }: SampledExecution): void {
    this.#draw = draw;
    this.#priorities.clear();
    this.#changes.length = 0;
    this.#events.length = 0;
    const length = Math.max(profile.length, 1);
    for (let priority = this.#depth - 1; priority >= 1; priority--)
      this.#changes.push({ place: draw.below(length), priority });
    for (let n = 0; n < kernelEvents; n++) this.#events.push(draw.below(length));
    this.#place = 0;
    this.#floor = 0;
    this.#patience = PATIENCE * length;
    this.#last = -1;
    this.#inRow = 0;
  }

  pick(point: DecisionPoint, possible: readonly Decision[], count: number): number {
    const place = this.#place;
    const progress = progressCount(possible, count);
    if (progress === 0 || this.#isEventDue(place, count > progress))
      return progress + this.#draw!.below(count - progress);
    this.#place += 1;
    let best = this.#highest(point, possible, progress);
    for (const change of this.#changes)
      if (change.place === place) {
        this.#priorities.set(agentOf(point, possible[best]!), change.priority);
        best = this.#highest(point, possible, progress);
      }
    return this.#relieve(point, possible, progress, best);
  }

  #highest(point: DecisionPoint, possible: readonly Decision[], progress: number): number {
    let best = 0;
    for (let i = 1; i < progress; i++)
      if (this.#priorityOf(point, possible[i]!) > this.#priorityOf(point, possible[best]!))
        best = i;
    return best;
  }

  #priorityOf(point: DecisionPoint, decision: Decision): number {
    const agent = agentOf(point, decision);
    let priority = this.#priorities.get(agent);
    if (priority === undefined) {
      priority = this.#depth + this.#draw!.below(PRIORITY_RANGE);
      this.#priorities.set(agent, priority);
    }
    return priority;
  }

  /** Lets others go on where one loops: a spin loop would keep its CPU for ever. */
  #relieve(
    point: DecisionPoint,
    possible: readonly Decision[],
    progress: number,
    best: number,
  ): number {
    const agent = agentOf(point, possible[best]!);
    this.#inRow = agent === this.#last ? this.#inRow + 1 : 0;
    this.#last = agent;
    if (this.#inRow < this.#patience) return best;
    this.#inRow = 0;
    this.#priorities.set(agent, (this.#floor -= 1));
    return this.#highest(point, possible, progress);
  }

  #isEventDue(place: number, isPossible: boolean): boolean {
    if (!isPossible) return false;
    const at = this.#events.findIndex((due) => due <= place);
    if (at < 0) return false;
    this.#events.splice(at, 1);
    return true;
  }
}

/** How many of the decisions are the machine's own; kernel events come behind them. */
function progressCount(possible: readonly Decision[], count: number): number {
  let progress = 0;
  while (progress < count && !isKernelEvent(possible[progress]!)) progress += 1;
  return progress;
}
