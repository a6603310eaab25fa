import type { CpuTable } from '../cpu/cpu-table.js';
import type { ThreadSteps } from '../kernel/thread-steps.js';
import { DecisionKind, decisionKind, decisionX, decisionY } from './decision.js';
import type { Decision } from './decision.js';

/** Carries out one kind of decision; false, with nothing done, when it is not possible now. */
export type DecisionHandler = (x: number, y: number) => boolean;

/** Handlers by the name of the kind; Choice has none, it is an answer and no decision. */
export type DecisionHandlers = Partial<Record<keyof typeof DecisionKind, DecisionHandler>>;

/** Carries decisions out. */
export class DecisionExecutor {
  readonly #cpus: CpuTable;
  readonly #steps: Pick<ThreadSteps, 'step'>;
  readonly #handlers: readonly (DecisionHandler | undefined)[];

  constructor(cpus: CpuTable, steps: Pick<ThreadSteps, 'step'>, handlers: DecisionHandlers) {
    this.#cpus = cpus;
    this.#steps = steps;
    const table = new Array<DecisionHandler | undefined>(16).fill(undefined);
    for (const [name, handler] of Object.entries(handlers))
      table[DecisionKind[name as keyof typeof DecisionKind]] = handler;
    this.#handlers = table;
  }

  /** Carries a decision out; false, with nothing done, when it is not possible now. */
  carryOut(decision: Decision): boolean {
    if (decision >>> 0 !== decision) return false;
    const kind = decisionKind(decision);
    const x = decisionX(decision);
    const y = decisionY(decision);
    if (kind !== DecisionKind.Step) return this.#handlers[kind]?.(x, y) ?? false;
    const thread = x < this.#cpus.capacity ? this.#cpus.current[x]! : -1;
    if (thread < 0 || y === 0) return false;
    this.#steps.step(x, thread, y);
    return true;
  }
}
