import type { Decision, DecisionPoint, SeededDraw } from '@rseqlab/sim-machine';
import { KERNEL_AGENT, agentOf } from './decision-agent.js';
import { NO_PROFILE } from './run-profile.js';
import type { RunProfile } from './run-profile.js';
import type { SampledExecution, SamplingPolicy } from './sampling-policy.js';

/**
 * Uniform random walk: an agent is as likely as it has decisions left, so that every interleaving is as
 * likely as any other where the estimate of what is left is exact.
 *
 * A plain random walk favours interleavings in which agents take turns; this one does not. Where an
 * agent does more than the profile says, it counts as having one decision left. The kernel is an agent
 * with as many decisions as the execution is to have events.
 *
 * @source Zhao, Wolff, Mathur and Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS 2025
 */
export class WalkPolicy implements SamplingPolicy {
  readonly #done = new Map<number, number>();
  readonly #weights: number[] = [];
  #profile: RunProfile = NO_PROFILE;
  #draw: SeededDraw | undefined;
  #kernelEvents = 0;

  begin({ draw, profile, kernelEvents }: SampledExecution): void {
    this.#done.clear();
    this.#draw = draw;
    this.#profile = profile;
    this.#kernelEvents = kernelEvents;
  }

  pick(point: DecisionPoint, possible: readonly Decision[], count: number): number {
    const agent = this.#agent(point, possible, count);
    this.#does(agent);
    if (agent !== KERNEL_AGENT) return possible.findIndex((one) => agentOf(point, one) === agent);
    let first = 0;
    while (agentOf(point, possible[first]!) !== KERNEL_AGENT) first += 1;
    return first + this.#draw!.below(count - first);
  }

  forced(point: DecisionPoint, decision: Decision): void {
    this.#does(agentOf(point, decision));
  }

  #does(agent: number): void {
    this.#done.set(agent, (this.#done.get(agent) ?? 0) + 1);
  }

  /** Draws an agent by what the agents have left. */
  #agent(point: DecisionPoint, possible: readonly Decision[], count: number): number {
    const weights = this.#weights;
    let total = 0;
    let isKernelWeighed = false;
    for (let i = 0; i < count; i++) {
      const agent = agentOf(point, possible[i]!);
      const counts = agent !== KERNEL_AGENT || !isKernelWeighed;
      if (agent === KERNEL_AGENT) isKernelWeighed = true;
      total += weights[i] = counts ? this.#left(agent) : 0;
    }
    // Nothing but kernel events is possible, and the execution was to have no more.
    if (total === 0) return agentOf(point, possible[0]!);
    let drawn = this.#draw!.below(total);
    let at = 0;
    while (drawn >= weights[at]!) drawn -= weights[at++]!;
    return agentOf(point, possible[at]!);
  }

  #left(agent: number): number {
    const done = this.#done.get(agent) ?? 0;
    if (agent === KERNEL_AGENT) return Math.max(this.#kernelEvents - done, 0);
    return Math.max((this.#profile.byAgent.get(agent) ?? 0) - done, 1);
  }
}
