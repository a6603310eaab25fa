import {
  DecisionKind,
  NO_DECISION,
  SeededDraw,
  decisionKind,
  isKernelEvent,
} from '@rseqlab/sim-machine';
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

/** Kernel events by which a thread goes on that sleeps. */
const ROUSING: ReadonlySet<number> = new Set([DecisionKind.SpuriousWake, DecisionKind.Signal]);

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
    if (count === 0) return NO_DECISION;
    if (isKernelEvent(possible[0]!) && point.isDeadlocked()) return this.#rouse(point, count);
    let decision = possible[0]!;
    if (all > 1) decision = possible[this.#policy.pick(point, possible, count)]!;
    else this.#policy.forced?.(point, decision);
    this.bounds.take(point, decision);
    return decision;
  }

  /** Where nobody can go on: the end, or what gets a thread going that sleeps. */
  #rouse(point: DecisionPoint, count: number): Decision {
    const rousing = this.#possible.slice(0, count).filter((one) => ROUSING.has(decisionKind(one)));
    if (rousing.length === 0 || this.bounds.events >= this.#mostEvents) return NO_DECISION;
    const drawn = rousing[this.#draw.below(rousing.length * 2)] ?? NO_DECISION;
    if (drawn !== NO_DECISION) this.bounds.take(point, drawn);
    return drawn;
  }

  choose(_kind: number, count: number): number {
    const answer = this.#draw.below(this.bounds.admitAnswers(count));
    this.bounds.takeAnswer(answer);
    return answer;
  }
}
