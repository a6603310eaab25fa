import { DecisionKind, decisionKind, decisionX, decisionY } from '@rseqlab/sim-machine';
import type { Decision, DecisionKindName } from '@rseqlab/sim-machine';
import { signalName } from '../signal-name.js';

const NAMES: readonly DecisionKindName[] = Object.keys(DecisionKind) as DecisionKindName[];
/** The name of a decision's kind. */
export function decisionName(decision: Decision): DecisionKindName | undefined {
  return NAMES[decisionKind(decision)];
}

/**
 * What a decision other than a step does, in words; threads are written `T0`, `T1`.
 *
 * @param current - the thread on the decision's CPU before it is carried out, or -1
 * @param from - the CPU of the decision's thread before it is carried out, or -1
 */
export function decisionText(decision: Decision, current: number, from: number): string {
  const x = decisionX(decision);
  const y = decisionY(decision);
  switch (decisionKind(decision)) {
    case DecisionKind.Preempt:
      return `preempt: T${y} takes the CPU from T${current}`;
    case DecisionKind.Migrate:
      return `migrate: T${y} moves here from CPU ${from}`;
    case DecisionKind.Tick:
      return 'tick of the timer';
    case DecisionKind.Timer:
      return `timer ${(x << 16) | y} expires`;
    case DecisionKind.Signal:
      return `${signalName(x)} is sent to T${y}`;
    case DecisionKind.Drain:
      return y === 0 ? 'oldest buffered store' : `buffered store ${y + 1}, before older ones`;
    case DecisionKind.PageOut:
      return `the page that T${y} accesses next is taken away`;
    case DecisionKind.PageIn:
      return `the page that T${y} waits for is there`;
    case DecisionKind.Offline:
      return 'goes offline';
    case DecisionKind.Online:
      return 'comes online';
    case DecisionKind.SpuriousWake:
      return `T${y} wakes for no reason`;
    case DecisionKind.Kill:
      return `process ${y} is killed`;
    case DecisionKind.SingleStep:
      return `T${y} is stopped by a debugger, and goes on`;
    default:
      return `decision ${decision}`;
  }
}

/** The CPU that a decision other than a step concerns, or -1: then it is its thread's. */
export function decisionCpu(decision: Decision): number {
  switch (decisionKind(decision)) {
    case DecisionKind.Step:
    case DecisionKind.Preempt:
    case DecisionKind.Migrate:
    case DecisionKind.Tick:
    case DecisionKind.Drain:
    case DecisionKind.Offline:
    case DecisionKind.Online:
    case DecisionKind.SingleStep:
      return decisionX(decision);
    default:
      return -1;
  }
}

/** The thread that a decision names, or -1. */
export function decisionThread(decision: Decision): number {
  switch (decisionKind(decision)) {
    case DecisionKind.Preempt:
    case DecisionKind.Migrate:
    case DecisionKind.Signal:
    case DecisionKind.PageOut:
    case DecisionKind.PageIn:
    case DecisionKind.SpuriousWake:
    case DecisionKind.SingleStep:
      return decisionY(decision);
    default:
      return -1;
  }
}
