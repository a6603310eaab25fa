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
  /** Most runs in all; default 8,000. */
  readonly executions?: number;
  /** Called after every run with how many there were. */
  readonly onProgress?: (executions: number) => void;
}

const DEFAULT_EXECUTIONS = 8_000;

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
  // Behind `fails` decisions every way fails; behind `other` one is known that does not, or nothing is.
  let fails = decisions.length;
  let other = -1;
  let isKnown = true;
  const look = (at: number): void => {
    const answer = ways.from(decisions.subarray(0, at));
    if (answer === 'fails') fails = at;
    else {
      other = at;
      isKnown = answer === 'passes';
    }
  };
  try {
    for (let back = 1; fails > 0 && other < 0; back *= 2)
      look(Math.max(0, decisions.length - back));
    while (fails - other > 1) look((fails + other) >> 1);
  } finally {
    ways.giveBack();
  }
  return { decision: fails - 1, isExact: isKnown, executions: ways.executions };
}

/**
 * Looks for a way to go on that does not fail.
 *
 * States that lead nowhere else are kept from one question to the next: the ways behind a shorter
 * beginning lead into them again.
 */
class Ways {
  executions = 0;
  readonly #options: NoReturnOptions;
  readonly #allowsBlocked: boolean;
  readonly #runner: ScenarioRunner;
  /** Undefined where a state alone tells what comes of it. */
  readonly #tracker: ClassTracker | undefined;
  readonly #director: ContinuationDirector;

  constructor(scenario: Scenario, options: NoReturnOptions) {
    this.#options = options;
    this.#allowsBlocked = scenario.allowBlocked === true;
    const nothing = { low: 0, high: 0, compute: (): void => undefined };
    const placeholder = new ContinuationDirector('free', nothing);
    const overrides = { ...options.machine, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, placeholder, overrides, 'held back');
    const { machine, spins } = this.#runner;
    // Races, and what was freed, depend on what came before, which the graph tells.
    if (machine.shadow !== undefined) this.#tracker = new ClassTracker(machine);
    spins!.listen(this.#tracker);
    this.#director = new ContinuationDirector(
      'free',
      new SearchFingerprint(machine, this.#tracker),
    );
    this.#director.isOver = () => this.#runner.lab.findings.length > 0;
  }

  /** Gives its machine back: it takes no more ways. */
  giveBack(): void {
    this.#runner.giveBack();
  }

  /** Whether every way behind these decisions fails. */
  from(given: Uint32Array): Answer {
    const director = this.#director;
    const limit = this.#options.executions ?? DEFAULT_EXECUTIONS;
    // One question that is too hard leaves something for easier ones.
    const most = this.executions + Math.ceil((limit - this.executions) / 2);
    director.begin(given);
    do {
      if (this.executions >= most) return 'unknown';
      this.executions += 1;
      this.#tracker?.reset();
      const decisions = given.length + SLACK_DECISIONS;
      const { result, findings } = this.#runner.run(director, { decisions });
      this.#options.onProgress?.(this.executions);
      if (findings.length > 0 || director.cut) continue;
      if (result.outcome === 'finished') return 'passes';
      if (result.outcome === 'stuck' && this.#allowsBlocked) return 'passes';
      if (result.outcome === 'limit') return 'unknown';
    } while (director.advance());
    director.keep();
    return 'fails';
  }
}
