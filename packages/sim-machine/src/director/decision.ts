import type { Branded } from '../base/brand.js';

/**
 * One choice that the machine does not determine, as an unsigned 32-bit integer.
 *
 * | bits  | 31..28 | 27..16            | 15..0                             |
 * |-------|--------|-------------------|-----------------------------------|
 * | field | kind   | x: a CPU, a signal | y: a thread, a budget, a number  |
 */
export type Decision = Branded<number, 'Decision'>;

/** What a decision says; the operands are given as (x, y). */
export const DecisionKind = {
  /** CPU x runs its thread for y instructions (at least one access). */
  Step: 0,
  /** A kernel event: on CPU x, the running thread makes way for queued thread y. */
  Preempt: 1,
  /** A kernel event: thread y moves to CPU x. */
  Migrate: 2,
  /** A kernel event: the periodic timer interrupt of CPU x. */
  Tick: 3,
  /** Timer y expires; its interrupt is taken on its own CPU. */
  Timer: 4,
  /** A kernel event: signal x is sent to thread y from outside. */
  Signal: 5,
  /** The oldest buffered store of CPU x reaches memory; y is the entry in models with a choice. */
  Drain: 6,
  /** A kernel event: the page that thread y accesses next is taken away, so that it faults. */
  PageOut: 7,
  /** The page that thread y waits for has arrived. */
  PageIn: 8,
  /** A kernel event: CPU x goes offline. */
  Offline: 9,
  /** A kernel event: CPU x comes online. */
  Online: 10,
  /** A kernel event: thread y returns from its futex wait for no reason. */
  SpuriousWake: 11,
  /** A kernel event: process y is killed where it stands. */
  Kill: 12,
  /** The answer y to a question asked in the middle of a step. */
  Choice: 13,
  /** A kernel event: thread y on CPU x stops behind an instruction, for a debugger, and goes on. */
  SingleStep: 14,
} as const;

/** One of {@link DecisionKind}. */
export type DecisionKind = (typeof DecisionKind)[keyof typeof DecisionKind];

/** The name of a decision kind. */
export type DecisionKindName = keyof typeof DecisionKind;

/**
 * No decision: the director sees none that is possible, or has come to the end of its script.
 *
 * Of no kind, and an unsigned 32-bit integer as decisions are: were it -1, V8 would compute with floating
 * point wherever there is a decision or none.
 */
export const NO_DECISION: Decision = 0xffffffff as Decision;

/** The largest budget of one Step decision. */
export const MAX_BUDGET = 0xffff;

/** The bits of the operands: a decision without others is a {@link DecisionKind.Step}. */
const STEP_OPERANDS = 0x0fff_ffff;

const KIND_NAMES: readonly DecisionKindName[] = Object.keys(DecisionKind) as DecisionKindName[];

/** Kinds that count as kernel events when a search bounds their number. */
const KERNEL_EVENTS =
  (1 << DecisionKind.Preempt) |
  (1 << DecisionKind.Migrate) |
  (1 << DecisionKind.Tick) |
  (1 << DecisionKind.Signal) |
  (1 << DecisionKind.PageOut) |
  (1 << DecisionKind.Offline) |
  (1 << DecisionKind.Online) |
  (1 << DecisionKind.SpuriousWake) |
  (1 << DecisionKind.Kill) |
  (1 << DecisionKind.SingleStep);

/** Packs a decision; x is 0 to 4095, y 0 to 65535. */
export function encodeDecision(kind: DecisionKind, x: number, y: number): Decision {
  return (((kind << 28) | (x << 16) | y) >>> 0) as Decision;
}

/** The kind of a decision; may be none of {@link DecisionKind} when the integer is not ours. */
export function decisionKind(decision: Decision): number {
  return decision >>> 28;
}

/** The x operand. */
export function decisionX(decision: Decision): number {
  return (decision >>> 16) & 0xfff;
}

/** The y operand. */
export function decisionY(decision: Decision): number {
  return decision & 0xffff;
}

/** Whether the number is a decision that lets a thread run. */
export function isStep(decision: Decision): boolean {
  return (decision & STEP_OPERANDS) === decision;
}

/** Whether the decision is something the kernel does to a program from outside. */
export function isKernelEvent(decision: Decision): boolean {
  return ((KERNEL_EVENTS >>> (decision >>> 28)) & 1) === 1;
}

/** A decision as a person reads it: `Migrate(1, 0)`; a number that is no decision, as it is. */
export function formatDecision(decision: Decision): string {
  if (decision === NO_DECISION) return 'none';
  if (decision >>> 0 !== decision) return String(decision);
  const name = KIND_NAMES[decisionKind(decision)] ?? `kind ${decisionKind(decision)}`;
  return `${name}(${decisionX(decision)}, ${decisionY(decision)})`;
}
