import type { Decision, DecisionPoint, SeededDraw } from '@rseqlab/sim-machine';
import type { SampledExecution, SamplingPolicy } from './sampling-policy.js';

/** Every possible decision is as likely as any other. */
export class UniformPolicy implements SamplingPolicy {
  #draw: SeededDraw | undefined;

  begin({ draw }: SampledExecution): void {
    this.#draw = draw;
  }

  pick(_point: DecisionPoint, _possible: readonly Decision[], count: number): number {
    return this.#draw!.below(count);
  }
}
