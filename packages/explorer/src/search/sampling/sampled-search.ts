import { isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import type { ScenarioRun } from '../../scenario-runner.js';
import { ClassTracker } from '../class-tracker.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import { FingerprintSet } from '../fingerprint-set.js';
import { LapFinder } from '../livelock/lap-finder.js';
import { KnownRounds } from '../spin/known-rounds.js';
import { executionSeed } from './execution-seed.js';
import { ProfileDirector } from './run-profile.js';
import { SamplingDirector } from './sampling-director.js';
import type { SamplingPolicy } from './sampling-policy.js';

/** Blocks that a search is cut into at most, and executions that a block has at least. */
const MOST_BLOCKS = 64;
const LEAST_EXECUTIONS = 50;

/** How many executions, of so many, share what was found out about threads that spin: those from a multiple of it on. */
export function blockOf(executions: number): number {
  return Math.max(LEAST_EXECUTIONS, Math.ceil(executions / MOST_BLOCKS));
}

/** What is sampled, and from which seed. */
export interface SamplingOptions {
  /** Chooses the decisions. */
  readonly policy: SamplingPolicy;
  /** Seed of the search, a 32-bit integer. */
  readonly seed: number;
  /** Replaces parts of the scenario's machine. */
  readonly machine?: MachineConfig;
}

/**
 * Makes executions that are drawn at random, each from a seed of its own.
 *
 * The seed of an execution follows from the search's seed and its index, and what is estimated for all
 * comes from one run without chance. In how many reads a thread goes round is tried with what words have held, which is
 * forgotten at the start of each block of executions. So the executions of a block are the same whichever were made before.
 */
export class SampledSearch {
  readonly #runner: ScenarioRunner;
  readonly #director: SamplingDirector;
  readonly #profile = new ProfileDirector();
  readonly #tracker: ClassTracker;
  readonly #classes = new FingerprintSet();
  readonly #seed: number;
  readonly #laps: LapFinder;
  #first = 0;
  #executions = 0;
  #blocked = 0;
  #events = 0;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, { policy, seed, machine = {} }: SamplingOptions) {
    this.#seed = seed;
    this.#director = new SamplingDirector(policy);
    const config = { ...machine, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, this.#director, config, 'held back');
    const { machine: simulated, spins } = this.#runner;
    this.#tracker = new ClassTracker(simulated);
    spins!.listen(this.#tracker);
    this.#laps = new LapFinder(scenario, machine, this.#runner);
  }

  /** Whether programs in TypeScript were seen to go round in circles, whose states never are the same. */
  get hasCircled(): boolean {
    return this.#runner.spins!.hasFoundLoop || this.#laps.hasFoundLap;
  }

  /** The classes that the last pass met. */
  get classes(): Pick<FingerprintSet, 'words'> {
    return this.#classes;
  }

  /**
   * Makes `limits.executions` executions, fewer when one finds something; `onExecution` is called
   * after each. An execution that reaches the limit on decisions is cut off and counted.
   *
   * @param first - index of the first execution: ranges of whole blocks can be made apart
   * @param block - how many executions a block has
   */
  run(
    limits: PassLimits,
    onExecution?: (counts: PassCounts) => void,
    first = 0,
    block: number = blockOf(limits.executions),
  ): PassResult {
    this.#first = first;
    this.#executions = 0;
    this.#blocked = 0;
    this.#events = 0;
    this.#classes.clear();
    this.#runner.spins!.share(new KnownRounds());
    this.#measure(limits);
    while (this.#executions < limits.executions) {
      const run = this.#execute(limits, block);
      onExecution?.(this.#counts());
      const finding = run.findings[0];
      const lap =
        finding === undefined
          ? this.#laps.lookAt(run.result.decisions, () => this.#runner.machine.decisions)
          : { finding, decisions: this.#runner.machine.decisions };
      if (lap === undefined) continue;
      const { decisions } = lap;
      const kernelEvents = decisions.filter((one) => isKernelEvent(one as Decision)).length;
      return { end: 'finding', ...lap, ...this.#counts(), kernelEvents };
    }
    return { end: 'sampled', ...this.#counts() };
  }

  giveBack(): void {
    this.#runner.giveBack();
    this.#laps.giveBack();
  }

  #measure({ decisions, ...limits }: PassLimits): void {
    this.#tracker.reset();
    this.#runner.rehearse(this.#profile, { decisions });
    this.#director.begin(limits, this.#profile);
  }

  #execute({ decisions }: PassLimits, block: number): ScenarioRun {
    const index = this.#first + this.#executions;
    if (index % block === 0) this.#runner.spins!.share(new KnownRounds());
    this.#director.seed(executionSeed(this.#seed, index));
    this.#tracker.reset();
    const run = this.#runner.run(this.#director, { decisions });
    this.#executions += 1;
    this.#events = Math.max(this.#events, this.#director.bounds.events);
    const { outcome } = run.result;
    if (outcome === 'stuck') this.#blocked += 1;
    if (outcome === 'finished') {
      this.#tracker.compute();
      this.#classes.add(this.#tracker.low, this.#tracker.high);
    }
    return run;
  }

  #counts(): PassCounts {
    return {
      executions: this.#executions,
      classes: this.#classes.size,
      blocked: this.#blocked,
      states: 0,
      kernelEvents: this.#events,
    };
  }
}
