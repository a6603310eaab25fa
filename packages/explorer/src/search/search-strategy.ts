import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../scenario.js';
import type { ClaimTable } from './claims.js';
import type { StateIdentity } from './states/state-key.js';
import type { PassCounts, PassLimits, PassResult } from './exhaustive-pass.js';
import type { UnitSearch } from './plan/unit-search.js';

/** What a strategy may be told beside its limits; each strategy names those that it understands. */
export interface SearchSettings {
  /** Seed of everything that is drawn by chance, a 32-bit integer. Default 1. */
  readonly seed?: number;
  /** Ordering constraints of the bugs that PCT looks for, 1 or more. Default 3. */
  readonly depth?: number;
  /** Bits of the hash by which states are told apart, or `whole` for all their words. Default 64. */
  readonly fingerprint?: StateIdentity;
  /**
   * Leaves states out that tell nothing new: those before steps that nobody can notice, and those that
   * differ in what an abort forgets. The answer is the same; there are fewer states. Default false.
   */
  readonly reduce?: boolean;
  /**
   * Takes states as one that a scenario's `interchangeable` threads make of each other, and makes sure that they
   * are interchangeable. Default false.
   */
  readonly symmetry?: boolean;
  /** Most preemptions of an execution. Default any number. */
  readonly preemptions?: number;
  /** Most delays of an execution. Default any number. */
  readonly delays?: number;
}

/** A search that is ready to run; it can run any number of times, until it gives its machines back. */
export interface Search {
  /** Makes a pass; `onExecution` is called after every execution. */
  run(limits: PassLimits, onExecution?: (counts: PassCounts) => void): PassResult;
  /** Gives its machines back to the scenario's pool: it runs no more. */
  giveBack(): void;
}

/** What a search in units is made with. */
export interface UnitOptions {
  readonly machine: MachineConfig;
  readonly settings: Required<SearchSettings>;
  readonly limits: PassLimits;
  /** Whether there is a pass for each number of kernel events, from 0 to the bound. */
  readonly deepens: boolean;
  /** Where those who do units claim states, if they share memory. */
  readonly claims?: ClaimTable | undefined;
}

/** A way to search. */
export interface SearchStrategy {
  /** What it does, in a few words that follow its name. */
  readonly summary: string;
  /** What it tells apart and counts; the other count is 0. */
  readonly counts: 'classes' | 'states';
  /** Whether it can show that a scenario holds. */
  readonly isExhaustive: boolean;
  /** Whether one pass takes paths with fewer kernel events first; others pass once for each number. */
  readonly ordersEvents: boolean;
  /** What its machines have beyond the scenario's. */
  readonly keeps: Pick<MachineConfig, 'fingerprint'>;
  /** The settings that it understands. */
  readonly settings: readonly (keyof SearchSettings)[];
  /**
   * Makes a search.
   *
   * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built
   */
  create(scenario: Scenario, machine: MachineConfig, settings: Required<SearchSettings>): Search;
  /** Makes a search in units that comes to the same; absent where it cannot be cut. */
  units?(scenario: Scenario, options: UnitOptions): UnitSearch | undefined;
}
