import type { Decision, DecisionPoint, SeededDraw } from '@rseqlab/sim-machine';
import type { RunProfile } from './run-profile.js';

/** What a policy knows at the start of an execution. */
export interface SampledExecution {
  /** Where its chance comes from. */
  readonly draw: SeededDraw;
  /** How long runs are. */
  readonly profile: RunProfile;
  /** Kernel events that this execution is to have, where the policy places them. */
  readonly kernelEvents: number;
}

/** How a sampler chooses: one policy a strategy. */
export interface SamplingPolicy {
  /** Starts an execution. */
  begin(execution: SampledExecution): void;
  /** Index of the decision to take among the first `count`, which is at least 1. */
  pick(point: DecisionPoint, possible: readonly Decision[], count: number): number;
  /** Told of the only decision that was possible. */
  forced?(point: DecisionPoint, decision: Decision): void;
}
