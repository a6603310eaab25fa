import type { FinalState } from '../litmus/final-state.js';
import { litmusOutcome } from '../litmus/litmus-outcome.js';
import type { LitmusOutcome } from '../litmus/litmus-outcome.js';
import type { LitmusTest } from '../litmus/litmus-test.js';
import { LitmusMachine } from './litmus-machine.js';
import type { SearchedModel } from './litmus-machine.js';

/** When a search gives up. */
export interface LitmusLimits {
  /** Most executions; default 10,000,000. */
  readonly executions?: number;
}

/** What a search found out about a test. */
export interface LitmusResult {
  /** Verdict and final states; of an incomplete search, those that were reached. */
  readonly outcome: LitmusOutcome;
  /** False when a limit was reached before every execution was made. */
  readonly complete: boolean;
  /** Executions, complete or cut at a state seen before. */
  readonly executions: number;
  /** Distinct states of the machine. */
  readonly states: number;
}

const DEFAULT_EXECUTIONS = 10_000_000;

/**
 * Runs litmus tests on the machine in every interleaving, one CPU a thread.
 *
 * Machines are kept from test to test: a search of many tests should use one object.
 *
 * @example
 * ```ts
 * const search = new LitmusSearch('tso');
 * search.run(parseLitmus(text, 'SB.litmus')).outcome.verdict; // 'Sometimes'
 * ```
 */
export class LitmusSearch {
  /** The memory model of the machine. */
  readonly model: SearchedModel;
  readonly #machines = new Map<number, LitmusMachine>();

  constructor(model: SearchedModel) {
    this.model = model;
  }

  /**
   * Finds the complete set of final states of a test.
   *
   * @throws LitmusError `ERR_LITMUS_MACHINE` when the test does not fit the machine
   */
  run(test: LitmusTest, limits: LitmusLimits = {}): LitmusResult {
    const machine = this.#machineFor(test.threads.length);
    const { search } = machine;
    const loaded = machine.load(test);
    const most = limits.executions ?? DEFAULT_EXECUTIONS;
    const reached = new Map<string, FinalState>();
    let executions = 0;
    let complete = true;
    search.begin();
    do {
      if (executions === most) {
        complete = false;
        break;
      }
      executions += 1;
      const state = machine.execute(loaded);
      if (state === 'endless') complete = false;
      else if (state !== 'cut') reached.set(state.join(' '), state);
    } while (complete && search.advance());
    const outcome = litmusOutcome(test, reached.values());
    return { outcome, complete, executions, states: search.states };
  }

  #machineFor(threads: number): LitmusMachine {
    let machine = this.#machines.get(threads);
    if (machine === undefined) {
      machine = new LitmusMachine(this.model, threads);
      this.#machines.set(threads, machine);
    }
    return machine;
  }
}
