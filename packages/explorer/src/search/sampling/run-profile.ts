import { NO_DECISION, decisionX } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Director } from '@rseqlab/sim-machine';
import { KERNEL_AGENT, agentOf } from './decision-agent.js';

/** How long a run is, from one run without kernel events; samplers estimate by it. */
export interface RunProfile {
  /** Decisions that there was more than nothing to decide about. */
  readonly length: number;
  /** The same by agent. */
  readonly byAgent: ReadonlyMap<number, number>;
}

/** Before anything was measured. */
export const NO_PROFILE: RunProfile = { length: 1, byAgent: new Map() };

/** The only decision that was possible. */
interface ForcedStep {
  readonly cpu: number;
  readonly agent: number;
}

/** An agent that runs on no CPU. */
const NOTHING_FORCED: ForcedStep = { cpu: 0, agent: -2 };

/**
 * Makes the run that a profile is taken from: always the first decision that is no kernel event.
 *
 * A thread's last step, an exit that nobody notices, is at once and is nobody's choice: not counted.
 */
export class ProfileDirector implements Director, RunProfile {
  readonly name = 'profile';
  readonly scheduling = 'free';
  readonly granularity = 'access';
  length = 0;
  readonly byAgent: Map<number, number> = new Map<number, number>();
  readonly #possible: Decision[] = [];
  #forced: ForcedStep = NOTHING_FORCED;

  start(): void {
    this.length = 0;
    this.byAgent.clear();
    this.#forced = NOTHING_FORCED;
  }

  decide(point: DecisionPoint): Decision {
    this.#countForced(point);
    const count = point.enumerate(this.#possible);
    const decision = count === 0 ? NO_DECISION : this.#possible[0]!;
    if (decision === NO_DECISION || agentOf(point, decision) === KERNEL_AGENT) return NO_DECISION;
    const agent = agentOf(point, decision);
    // A list of one: a step of the last thread, or an exit.
    if (count === 1) this.#forced = { cpu: decisionX(decision), agent };
    else this.#count(agent);
    return decision;
  }

  choose(): number {
    return 0;
  }

  /** Counts the decision before, which was the only one possible, unless its thread is gone by it. */
  #countForced(point: DecisionPoint): void {
    const { cpu, agent } = this.#forced;
    this.#forced = NOTHING_FORCED;
    if (point.currentOn(cpu) === agent) this.#count(agent);
  }

  #count(agent: number): void {
    this.length += 1;
    this.byAgent.set(agent, (this.byAgent.get(agent) ?? 0) + 1);
  }
}
