import { DEFAULT_STORE_BUFFER_ENTRIES } from '@rseqlab/sim-machine';
import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import type { Scenario } from '../scenario.js';
import { ScenarioRunner } from '../scenario-runner.js';
import type { ScenarioRun } from '../scenario-runner.js';
import { ClassTracker } from './class-tracker.js';
import { ExhaustiveDirector } from './exhaustive-director.js';
import { FingerprintSet } from './fingerprint-set.js';
import type { BoundLimits } from './schedule-bounds.js';
import { OwnStoreSteps } from './own-store-steps.js';
import { LapFinder } from './livelock/lap-finder.js';
import { SearchFingerprint } from './search-fingerprint.js';

/** When a pass gives up. */
export interface PassLimits extends BoundLimits {
  /** Most executions. */
  readonly executions: number;
  /** Most decisions of one execution. */
  readonly decisions: number;
}

/** Counts of a pass. */
export interface PassCounts {
  /** Executions, complete or cut at a state seen before. */
  readonly executions: number;
  /** Distinct classes of complete executions. */
  readonly classes: number;
  /** Executions after which threads were left that can never go on. */
  readonly blocked: number;
  /** Distinct states. */
  readonly states: number;
  /** Most kernel events on any path to a new state or to an end; of a finding, those on its path. */
  readonly kernelEvents: number;
}

/** What a pass found out. */
export interface PassResult extends PassCounts {
  /**
   * `all`: every path was taken. `bounded`: every path within the bounds on schedules.
   * `sampled`: as many as asked for. `finding`: stopped at a finding. `gave-up`: a limit was reached
   * before.
   */
  readonly end: 'all' | 'bounded' | 'sampled' | 'finding' | 'gave-up';
  /** What was found. */
  readonly finding?: Finding;
  /** The decisions of the failing execution, or of one that was given up for its length. */
  readonly decisions?: Uint32Array;
}

/**
 * Takes every path of a scenario, up to a bound on kernel events, and cuts where paths meet again.
 *
 * One object makes any number of passes over one machine.
 */
export class ExhaustiveSearch {
  readonly #runner: ScenarioRunner;
  readonly #director: ExhaustiveDirector;
  /** Undefined where classes are not told apart. */
  readonly #tracker: ClassTracker | undefined;
  readonly #classes = new FingerprintSet();
  readonly #laps: LapFinder;
  #executions = 0;
  #blocked = 0;
  /** Most kernel events on a path to the end. */
  #events = 0;

  /**
   * @param tellsApart what makes two paths one: the same state and class, or the same state alone
   * @param reduce whether stores into a CPU's own buffer are not interleaved, under `tso`
   * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built
   */
  constructor(
    scenario: Scenario,
    overrides: MachineConfig = {},
    tellsApart: 'graphs' | 'states' = 'graphs',
    reduce = false,
  ) {
    const fingerprint = { low: 0, high: 0, compute: (): void => undefined };
    const placeholder = new ExhaustiveDirector(fingerprint);
    const config = { ...overrides, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, placeholder, config, 'held back');
    const { machine, spins } = this.#runner;
    if (tellsApart === 'graphs') {
      this.#tracker = new ClassTracker(machine);
      spins!.listen(this.#tracker);
    }
    this.#director = new ExhaustiveDirector(new SearchFingerprint(machine, this.#tracker));
    const { memory, storeBufferEntries = DEFAULT_STORE_BUFFER_ENTRIES } = {
      ...scenario.machine,
      ...overrides,
    };
    if (reduce && memory === 'tso')
      this.#director.stores = new OwnStoreSteps(machine, storeBufferEntries);
    this.#laps = new LapFinder(scenario, overrides, this.#runner);
  }

  /** Makes a pass, again if it relied on what is wrong; `onExecution` is called after every execution. */
  run(limits: PassLimits, onExecution?: (counts: PassCounts) => void): PassResult {
    const { knowledge } = this.#runner.spins!;
    for (;;) {
      const { revisions } = knowledge;
      const result = this.#run(limits, onExecution);
      if (result.end === 'finding') return result;
      if (this.#director.stores?.isWrong === true) this.#director.stores = undefined;
      else {
        // Else a thread was held back that may not have gone round.
        const isRight = !knowledge.dropOutdated() && knowledge.revisions === revisions;
        if (isRight || result.end === 'gave-up') return result;
      }
    }
  }

  /** Gives its machines back to the scenario's pool: it makes no more passes. */
  giveBack(): void {
    this.#runner.giveBack();
    this.#laps.giveBack();
  }

  #run(limits: PassLimits, onExecution?: (counts: PassCounts) => void): PassResult {
    const director = this.#director;
    director.begin(limits);
    this.#classes.clear();
    this.#executions = 0;
    this.#blocked = 0;
    this.#events = 0;
    do {
      if (this.#executions >= limits.executions) return { end: 'gave-up', ...this.#counts() };
      const run = this.#execute(limits);
      onExecution?.(this.#counts());
      const finding = run.findings[0];
      if (finding !== undefined)
        return {
          end: 'finding',
          finding,
          decisions: this.#runner.machine.decisions,
          ...this.#counts(),
          kernelEvents: director.events,
        };
      // Looking for a lap can take the machine through another run.
      const endless = run.result.outcome === 'limit' ? this.#runner.machine.decisions : undefined;
      const lap = this.#laps.lookAt(
        run.result.decisions,
        () => endless ?? this.#runner.machine.decisions,
      );
      if (lap !== undefined)
        return { end: 'finding', ...lap, ...this.#counts(), kernelEvents: director.events };
      if (endless !== undefined) return { end: 'gave-up', decisions: endless, ...this.#counts() };
    } while (director.advance());
    return { end: director.boundReached ? 'bounded' : 'all', ...this.#counts() };
  }

  #execute({ decisions }: PassLimits): ScenarioRun {
    this.#tracker?.reset();
    const run = this.#runner.run(this.#director, { decisions });
    this.#executions += 1;
    if (run.result.outcome === 'finished') {
      this.#events = Math.max(this.#events, this.#director.events);
      if (this.#tracker === undefined) this.#director.noteEnd();
      else this.#noteClass(this.#tracker);
    } else if (run.result.outcome === 'stuck' && !this.#director.cut) this.#blocked += 1;
    return run;
  }

  #noteClass(tracker: ClassTracker): void {
    tracker.compute();
    this.#classes.add(tracker.low, tracker.high);
  }

  #counts(): PassCounts {
    return {
      executions: this.#executions,
      classes: this.#classes.size,
      blocked: this.#blocked,
      states: this.#director.states,
      kernelEvents: Math.max(this.#events, this.#director.mostEvents),
    };
  }
}
