import { NO_DECISION, SeededDraw, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';
import { ScheduleBounds } from '../schedule-bounds.js';
import type { BoundLimits } from '../schedule-bounds.js';
import { NO_PROFILE } from './run-profile.js';
import type { RunProfile } from './run-profile.js';
import type { SamplingPolicy } from './sampling-policy.js';

/**
 * Most kernel events that a policy places in one execution where the search has no bound: an execution
 * with many of them is a restart loop and little else.
 */
const PLACED_EVENTS = 3;

/** Directs executions that a policy draws from a seed, within bounds. */
export class SamplingDirector implements Director {
  readonly name = 'sampling';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  /** Keeps executions within bounds. */
  readonly bounds: ScheduleBounds = new ScheduleBounds();
  readonly #policy: SamplingPolicy;
  readonly #draw = new SeededDraw(0);
  readonly #possible: Decision[] = [];
  #seed = 0;
  #profile: RunProfile = NO_PROFILE;
  #mostEvents = PLACED_EVENTS;

  constructor(policy: SamplingPolicy) {
    this.#policy = policy;
  }

  /** Starts a search. */
  begin(limits: BoundLimits, profile: RunProfile): void {
    this.bounds.begin(limits);
    this.#profile = profile;
    const { kernelEvents } = limits;
    this.#mostEvents = kernelEvents === Infinity ? PLACED_EVENTS : kernelEvents;
  }

  /** The next execution is drawn from this seed. */
  seed(seed: number): void {
    this.#seed = seed;
  }

  start(): void {
    const draw = this.#draw;
    draw.restart(this.#seed);
    this.bounds.start();
    const kernelEvents = draw.below(this.#mostEvents + 1);
    this.#policy.begin({ draw, profile: this.#profile, kernelEvents });
  }

  decide(point: DecisionPoint): Decision {
    const possible = this.#possible;
    const all = point.enumerate(possible);
    const count = this.bounds.admit(point, possible, all);
    // Kernel events need not come: where nothing else is possible for anybody, the run has ended.
    if (count === 0 || (isKernelEvent(possible[0]!) && point.isDeadlocked())) return NO_DECISION;
    let decision = possible[0]!;
    if (all > 1) decision = possible[this.#policy.pick(point, possible, count)]!;
    else this.#policy.forced?.(point, decision);
    this.bounds.take(point, decision);
    return decision;
  }

  choose(_kind: number, count: number): number {
    const answer = this.#draw.below(this.bounds.admitAnswers(count));
    this.bounds.takeAnswer(answer);
    return answer;
  }
}
