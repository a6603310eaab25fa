import { DecisionKind, NO_DECISION, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';
import type { MachineView } from './machine-view.js';
import type { NodeStates } from './node-states.js';

/** What a run does where nothing is planned: the first CPU that can go on does; stores drain last. */
export class NaturalOrder {
  /** Whether the last {@link pick} left something out since it need not be tried. */
  sleeps = false;
  readonly #view: MachineView;
  readonly #nodes: NodeStates;
  readonly #cpuIds: readonly number[];

  /** @param cpuIds - ids of the CPUs, in the order in which the log numbers them */
  constructor(view: MachineView, nodes: NodeStates, cpuIds: readonly number[]) {
    this.#view = view;
    this.#nodes = nodes;
    this.#cpuIds = cpuIds;
  }

  /** The step or drain to take next, or NO_DECISION. */
  pick(depth: number, point: DecisionPoint): Decision {
    const nodes = this.#nodes;
    const cpuIds = this.#cpuIds;
    this.sleeps = false;
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      if (!this.#view.canStep(point, cpu, dense)) continue;
      const step = encodeDecision(DecisionKind.Step, cpu, 1);
      if (!nodes.isAsleep(depth, step)) return step;
      this.sleeps = true;
    }
    for (let dense = 0; dense < cpuIds.length; dense++) {
      const cpu = cpuIds[dense]!;
      if (point.pendingStores(cpu) === 0) continue;
      const drain = encodeDecision(DecisionKind.Drain, cpu, 0);
      if (!nodes.isAsleep(depth, drain)) return drain;
      this.sleeps = true;
    }
    return NO_DECISION;
  }
}
