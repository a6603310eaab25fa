import { CombinedShadow } from '@rseqlab/sim-machine';
import type { EventAllowance, MachineConfig } from '@rseqlab/sim-machine';
import { ExplorerError } from '../../explorer-error.js';
import type { Finding } from '../../finding.js';
import type { Scenario } from '../../scenario.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import type { ScenarioRun } from '../../scenario-runner.js';
import { ClassTracker } from '../class-tracker.js';
import type { PassCounts, PassLimits, PassResult } from '../exhaustive-pass.js';
import { FingerprintSet } from '../fingerprint-set.js';
import { StatelessDirector } from './stateless-director.js';
import type { StartingPoint } from './stateless-director.js';

/** Counts of a search by classes. */
export interface ClassCounts extends PassCounts {
  /** Executions that were given up, or came to a class that was met before. */
  readonly redundant: number;
}

const ROOT: StartingPoint = { prefix: [], asleep: [] };
const DEFAULT_CAPACITY = 8;

/**
 * Executes every class of a scenario once, and nothing but that where no kernel events interfere.
 */
export class StatelessSearch {
  readonly #runner: ScenarioRunner;
  readonly #director: StatelessDirector;
  readonly #tracker: ClassTracker;
  readonly #observer: CombinedShadow;
  readonly #mayInject: boolean;
  readonly #classes = new FingerprintSet();
  #pure = 0;
  #executions = 0;
  #blocked = 0;
  #redundant = 0;
  #events = 0;

  constructor(scenario: Scenario, overrides: MachineConfig = {}) {
    const placeholder = {
      name: 'none',
      scheduling: 'free',
      granularity: 'access',
      decide: () => -1,
      choose: () => 0,
    } as never;
    this.#runner = new ScenarioRunner(scenario, placeholder, overrides);
    const { machine } = this.#runner;
    const config = { ...scenario.machine, ...overrides };
    if ((config.memory ?? 'sc') !== 'sc' && config.memory !== 'tso')
      throw new ExplorerError(
        'ERR_OPTION',
        `expected a machine with memory "sc" or "tso" for a search by classes, got "${config.memory}"`,
      );
    this.#mayInject = injects(overrides.events ?? scenario.events ?? config.events ?? {});
    this.#director = new StatelessDirector(
      machine,
      config.storeBufferEntries ?? DEFAULT_CAPACITY,
    );
    this.#tracker = new ClassTracker(machine);
    this.#observer = new CombinedShadow(this.#director.collector, this.#tracker);
    machine.attach({ shadow: this.#director.collector });
  }

  run(limits: PassLimits, onExecution?: (counts: ClassCounts) => void): PassResult & ClassCounts {
    const { machine } = this.#runner;
    const director = this.#director;
    const bound = limits.kernelEvents;
    director.begin(ROOT, bound, this.#mayInject);
    this.#classes.clear();
    this.#pure = this.#executions = this.#blocked = this.#redundant = this.#events = 0;
    const tracks = this.#mayInject && bound > 0;
    machine.attach({ shadow: tracks ? this.#observer : director.collector });
    do {
      if (this.#executions >= limits.executions) return { end: 'gave-up', ...this.#counts() };
      const run = this.#execute(limits, tracks);
      onExecution?.(this.#counts());
      const finding: Finding | undefined = run.findings[0];
      if (finding !== undefined)
        return {
          end: 'finding',
          finding,
          decisions: machine.decisions,
          ...this.#counts(),
          kernelEvents: director.events,
        };
      if (run.result.outcome === 'limit') return { end: 'gave-up', ...this.#counts() };
    } while (director.advance());
    return { end: director.boundReached ? 'bounded' : 'all', ...this.#counts() };
  }

  #execute({ decisions }: PassLimits, tracks: boolean): ScenarioRun {
    if (tracks) this.#tracker.reset();
    const director = this.#director;
    const run = this.#runner.run(director, { decisions });
    director.finish();
    this.#executions += 1;
    if (director.isRedundant) this.#redundant += 1;
    else if (run.result.outcome === 'finished') {
      this.#events = Math.max(this.#events, director.events);
      if (tracks) {
        this.#tracker.compute();
        if (!this.#classes.add(this.#tracker.low, this.#tracker.high)) this.#redundant += 1;
      } else this.#pure += 1;
    } else if (run.result.outcome === 'stuck') this.#blocked += 1;
    return run;
  }

  #counts(): ClassCounts {
    return {
      executions: this.#executions,
      classes: this.#pure + this.#classes.size,
      blocked: this.#blocked,
      redundant: this.#redundant,
      states: 0,
      kernelEvents: this.#events,
    };
  }
}

function injects(events: EventAllowance): boolean {
  const { preemption = true, migration = true, ...others } = events;
  return preemption || migration || Object.values(others).some((allowed) => allowed !== false);
}
