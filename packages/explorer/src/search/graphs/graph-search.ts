import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';
import type { PassCounts, PassLimits } from '../exhaustive-pass.js';
import { GraphPart } from './graph-part.js';
import { GraphPlan } from './graph-plan.js';
import type { GraphResult, GraphUnit } from './graph-unit.js';
import { PartRunner } from './part-runner.js';
import { SleepingEvents } from './sleeping-events.js';

/** Searches parts of what a search for graphs goes through; makes them as well. */
export class GraphSearch {
  readonly #runner: PartRunner;
  readonly #part: GraphPart;
  readonly #sleeping: SleepingEvents;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, overrides: MachineConfig = {}) {
    this.#runner = new PartRunner(scenario, overrides);
    this.#sleeping = new SleepingEvents(this.#runner.machine);
    this.#runner.watch(this.#sleeping.beside(this.#runner.tracker));
    this.#part = new GraphPart(this.#sleeping);
  }

  /** Cuts everything, or a unit, into at least so many units if there are as many; always the same ones. */
  plan({ decisions, kernelEvents }: PassLimits, atLeast: number, unit?: GraphUnit): GraphUnit[] {
    const plan = new GraphPlan(this.#sleeping, kernelEvents, (director) => {
      this.#runner.probe(director, decisions);
    });
    return plan.split(atLeast, unit);
  }

  /** Gives its machine back: it searches no more. */
  giveBack(): void {
    this.#runner.giveBack();
  }

  /**
   * Searches a unit; `onExecution` is called after every execution with the counts of this unit.
   *
   * @param most - executions after which the unit is given up as too long
   */
  run(
    unit: GraphUnit,
    limits: PassLimits,
    most: number,
    onExecution: (counts: PassCounts) => void,
  ): GraphResult {
    this.#part.begin(unit);
    const end = this.#runner.run(this.#part, { ...limits, most }, onExecution);
    return { ...end, notes: this.#part.notes };
  }
}
