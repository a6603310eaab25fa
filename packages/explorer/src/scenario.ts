import type { EventAllowance, MachineConfig } from '@rseqlab/sim-machine';
import { ExplorerError } from './explorer-error.js';
import { checkDetections } from './findings/detection.js';
import type { Detection } from './findings/detection.js';
import { checkInterchangeable } from './interchangeable.js';
import type { Lab } from './lab.js';
import type { MachinePool } from './machine-pool.js';

/** A small program with what must hold of it, and the machine it runs on. */
export interface ScenarioDefinition<State> {
  /** Name for reports. */
  readonly name: string;
  /** The machine; default two CPUs, `sc`, no kernel modules. */
  readonly machine?: MachineConfig;
  /** Kernel events that a search may inject; default preemption and migration. */
  readonly events?: EventAllowance;
  /** What is looked for beyond failed checks, deadlocks and crashes; default nothing. */
  readonly detect?: readonly Detection[];
  /**
   * Threads that may be in each other's places, by number in the order in which they are started, from 0 on, in
   * groups: what one does another does in its place. Searches that are told to use it make sure of that.
   */
  readonly interchangeable?: readonly (readonly number[])[];
  /** A run that ends with every thread asleep for good is counted, not a finding. */
  readonly allowBlocked?: boolean;
  /** Prepares memory and starts threads; called once for every run, must be deterministic. */
  setup(lab: Lab): State;
  /** Says what must hold when all threads have ended. */
  check?(state: State, lab: Lab): void;
}

/** A scenario as {@link scenario} made it. */
export interface Scenario extends ScenarioDefinition<unknown> {
  /** Where all that run it take their machines from; default everybody builds one. */
  readonly machines?: MachinePool;
  /** Tells a scenario from anything else that a file may export. */
  readonly kind: 'rseqlab-scenario';
}

/**
 * Declares a scenario; a scenario file exports one as its default.
 *
 * @throws ExplorerError `ERR_SCENARIO` when the definition has no name or no setup, or has something
 *   watched that nobody knows, or groups of interchangeable threads that are none
 */
export function scenario<State>(definition: ScenarioDefinition<State>): Scenario {
  if (typeof definition.name !== 'string' || definition.name.trim() === '')
    throw new ExplorerError(
      'ERR_SCENARIO',
      `expected a scenario with a name, got ${JSON.stringify(definition.name)}`,
    );
  if (typeof definition.setup !== 'function')
    throw new ExplorerError(
      'ERR_SCENARIO',
      `expected scenario "${definition.name}" to have a setup function, got ${typeof definition.setup}`,
    );
  checkInterchangeable(definition.name, definition.interchangeable);
  checkDetections(definition.name, definition.detect);
  return { ...(definition as ScenarioDefinition<unknown>), kind: 'rseqlab-scenario' };
}

/** Whether a value is a scenario. */
export function isScenario(value: unknown): value is Scenario {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { kind?: unknown }).kind === 'rseqlab-scenario'
  );
}
