import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import { ClassTracker } from '../class-tracker.js';
import { ExhaustiveDirector } from '../exhaustive-director.js';
import type { PassCounts, PassLimits } from '../exhaustive-pass.js';
import { SearchFingerprint } from '../search-fingerprint.js';
import { GraphPart } from './graph-part.js';
import { GraphPlan } from './graph-plan.js';
import type { GraphResult, GraphUnit } from './graph-unit.js';
import { SleepingEvents } from './sleeping-events.js';

/** Searches parts of what a search for graphs goes through; makes them as well. */
export class GraphSearch {
  readonly #runner: ScenarioRunner;
  readonly #director: ExhaustiveDirector;
  readonly #tracker: ClassTracker;
  readonly #part: GraphPart;
  readonly #sleeping: SleepingEvents;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, overrides: MachineConfig = {}) {
    const fingerprint = { low: 0, high: 0, compute: (): void => undefined };
    const placeholder = new ExhaustiveDirector(fingerprint);
    const config = { ...overrides, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, placeholder, config, 'held back');
    const { machine, spins } = this.#runner;
    this.#tracker = new ClassTracker(machine);
    this.#sleeping = new SleepingEvents(machine);
    spins!.listen(this.#sleeping.beside(this.#tracker));
    this.#director = new ExhaustiveDirector(new SearchFingerprint(machine, this.#tracker));
    this.#part = new GraphPart(this.#sleeping);
  }

  /** Cuts everything, or a unit, into at least so many units if there are as many; always the same ones. */
  plan({ decisions, kernelEvents }: PassLimits, atLeast: number, unit?: GraphUnit): GraphUnit[] {
    const plan = new GraphPlan(this.#sleeping, kernelEvents, (director) => {
      this.#tracker.reset();
      this.#runner.run(director, { decisions });
    });
    return plan.split(atLeast, unit);
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
    const director = this.#director;
    const part = this.#part;
    part.begin(unit);
    director.begin(limits, part);
    const counts = { executions: 0, classes: 0, blocked: 0 };
    const ended = (end: GraphResult['end']): GraphResult => ({
      end,
      executions: counts.executions,
      notes: part.notes,
    });
    do {
      if (counts.executions >= most) return ended('too-long');
      const outcome = this.#execute(limits.decisions);
      counts.executions += 1;
      if (outcome === 'blocked') counts.blocked += 1;
      counts.classes = part.notes.classes.length / 2;
      onExecution({ ...counts, states: director.states, kernelEvents: director.mostEvents });
      if (outcome === 'failed') return ended('failed');
    } while (director.advance());
    return ended('all');
  }

  #execute(decisions: number): 'cut' | 'ended' | 'blocked' | 'failed' {
    const part = this.#part;
    this.#tracker.reset();
    const { result, findings } = this.#runner.run(this.#director, { decisions });
    part.finish();
    // What a thread that spins waits for conflicts with more than its next step, which is all that sleeps.
    const spins = this.#runner.spins!.hasFound;
    if (findings.length > 0 || result.outcome === 'limit' || spins) return 'failed';
    if (result.outcome === 'finished') {
      this.#tracker.compute();
      part.noteClass(this.#tracker.low, this.#tracker.high);
      return 'ended';
    }
    if (result.outcome !== 'stuck' || this.#director.cut) return 'cut';
    part.noteBlocked();
    return 'blocked';
  }
}
