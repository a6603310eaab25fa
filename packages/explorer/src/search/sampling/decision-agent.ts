import {
  DecisionKind,
  decisionKind,
  decisionX,
  decisionY,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';

/** The agent of all kernel events. */
export const KERNEL_AGENT = -1;

/** Agents of one kind are numbered from a multiple of this on. */
const KIND_STRIDE = 0x1_0000;

/**
 * Who acts by a decision: a thread by its steps, a CPU's store buffer by its drains, a timer, a page
 * on its way, and the kernel by its events. Samplers schedule agents as others schedule threads.
 */
export function agentOf(point: DecisionPoint, decision: Decision): number {
  if (isKernelEvent(decision)) return KERNEL_AGENT;
  switch (decisionKind(decision)) {
    case DecisionKind.Step:
      return point.currentOn(decisionX(decision));
    case DecisionKind.Drain:
      return KIND_STRIDE + decisionX(decision);
    default:
      return decisionKind(decision) * KIND_STRIDE + decisionY(decision);
  }
}
