import type { MachineConfig } from '@rseqlab/sim-machine';
import { ScenarioRunner } from '../scenario-runner.js';
import type { Scenario } from '../scenario.js';
import { ClassTracker } from '../search/class-tracker.js';
import { SearchFingerprint } from '../search/search-fingerprint.js';
import type { RecordedDecisions } from '../trace/record-run.js';
import type { PointOfNoReturn } from '../trace/run-trace.js';
import { ContinuationDirector } from './continuation-director.js';

/** How far is looked for a way that does not fail. */
export interface NoReturnOptions {
  /** What replaced parts of the scenario's machine when the run was made. */
  readonly machine?: MachineConfig;
  /** Most runs in all; default 2,000. */
  readonly executions?: number;
  /** Called after every run with how many there were. */
  readonly onProgress?: (executions: number) => void;
}

const DEFAULT_EXECUTIONS = 2_000;

/** A way that is longer is given up: then nothing is known of it. */
const SLACK_DECISIONS = 2_000;

type Answer = 'fails' | 'passes' | 'unknown';

/**
 * Looks for the point of no return of a failing run: replays its beginnings, the longest first, and
 * takes every way to go on from there, until one does not fail.
 *
 * A way that ends stuck fails, unless the scenario allows that. Kernel events that the scenario allows
 * are ways to go on like others.
 *
 * @returns undefined for a run of which states cannot be told apart: one that was not recorded by a
 *   search
 * @throws MachineError `ERR_DECISION`, ExplorerError `ERR_SCENARIO`: see {@link recordRun}
 */
export function pointOfNoReturn(
  scenario: Scenario,
  { decisions, scheduling, granularity }: RecordedDecisions,
  options: NoReturnOptions = {},
): PointOfNoReturn | undefined {
  if (scheduling !== 'free' || granularity !== 'access') return undefined;
  const ways = new Ways(scenario, options);
  // Behind `fails` decisions every way fails; behind `passes` one is known that does not.
  let fails = decisions.length;
  let passes = -1;
  let isKnown = true;
  for (let back = 1; fails > 0 && passes < 0 && isKnown; back *= 2) {
    const at = Math.max(0, decisions.length - back);
    const answer = ways.from(decisions.subarray(0, at));
    if (answer === 'passes') passes = at;
    else if (answer === 'fails') fails = at;
    else isKnown = false;
  }
  while (isKnown && fails - passes > 1) {
    const at = (fails + passes) >> 1;
    const answer = ways.from(decisions.subarray(0, at));
    if (answer === 'passes') passes = at;
    else if (answer === 'fails') fails = at;
    else isKnown = false;
  }
  return { decision: fails - 1, isExact: isKnown, executions: ways.executions };
}

/** Looks for a way to go on that does not fail. */
class Ways {
  executions = 0;
  readonly #options: NoReturnOptions;
  readonly #allowsBlocked: boolean;
  readonly #runner: ScenarioRunner;
  readonly #tracker: ClassTracker;
  readonly #director: ContinuationDirector;

  constructor(scenario: Scenario, options: NoReturnOptions) {
    this.#options = options;
    this.#allowsBlocked = scenario.allowBlocked === true;
    const nothing = { low: 0, high: 0, compute: (): void => undefined };
    const placeholder = new ContinuationDirector('free', nothing);
    const overrides = { ...options.machine, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, placeholder, overrides, 'held back');
    const { machine, spins } = this.#runner;
    // Races depend on what came before, which the graph tells.
    this.#tracker = new ClassTracker(machine);
    machine.attach({ shadow: spins!.beside(this.#tracker) });
    this.#director = new ContinuationDirector(
      'free',
      new SearchFingerprint(machine, this.#tracker),
    );
    this.#director.isOver = () => this.#runner.lab.findings.length > 0;
  }

  /** Whether every way behind these decisions fails. */
  from(given: Uint32Array): Answer {
    const director = this.#director;
    const limit = this.#options.executions ?? DEFAULT_EXECUTIONS;
    director.begin(given);
    do {
      if (this.executions >= limit) return 'unknown';
      this.executions += 1;
      this.#tracker.reset();
      const decisions = given.length + SLACK_DECISIONS;
      const { result, findings } = this.#runner.run(director, { decisions });
      this.#options.onProgress?.(this.executions);
      if (findings.length > 0 || director.cut) continue;
      if (result.outcome === 'finished') return 'passes';
      if (result.outcome === 'stuck' && this.#allowsBlocked) return 'passes';
      if (result.outcome === 'limit') return 'unknown';
    } while (director.advance());
    return 'fails';
  }
}
