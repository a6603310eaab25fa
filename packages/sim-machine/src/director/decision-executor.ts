import type { CpuTable } from '../cpu/cpu-table.js';
import type { ThreadSteps } from '../kernel/thread-steps.js';
import { DecisionKind, decisionKind, decisionX, decisionY, type Decision } from './decision.js';

/** Carries out one kind of decision; false, with nothing done, when it is not possible now. */
export type DecisionHandler = (x: number, y: number) => boolean;

/** Handlers by the name of the kind; Choice has none, it is an answer and no decision. */
export type DecisionHandlers = Partial<Record<keyof typeof DecisionKind, DecisionHandler>>;

/** Carries decisions out. */
export interface DecisionExecutor {
  /** Carries a decision out; false, with nothing done, when it is not possible now. */
  readonly carryOut: (decision: Decision) => boolean;
}

/** Makes what carries decisions out; see `createRunLoop` for why it captures what it refers to. */
export function createDecisionExecutor(
  { capacity, current }: Pick<CpuTable, 'capacity' | 'current'>,
  { run }: Pick<ThreadSteps, 'run'>,
  handlers: DecisionHandlers,
): DecisionExecutor {
  const table = new Array<DecisionHandler | undefined>(16).fill(undefined);
  for (const [name, handler] of Object.entries(handlers))
    table[DecisionKind[name as keyof typeof DecisionKind]] = handler;

  return {
    carryOut(decision) {
      if (decision >>> 0 !== decision) return false;
      const kind = decisionKind(decision);
      const x = decisionX(decision);
      const y = decisionY(decision);
      if (kind === DecisionKind.Step) {
        const thread = x < capacity ? current[x]! : -1;
        if (thread < 0 || y === 0) return false;
        run(x, thread, y);
      } else if (table[kind]?.(x, y) !== true) return false;
      return true;
    },
  };
}
