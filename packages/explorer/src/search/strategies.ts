import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../scenario.js';
import { ExhaustiveSearch } from './exhaustive-pass.js';
import type { PassLimits } from './exhaustive-pass.js';
import { ClassUnits } from './plan/class-units.js';
import { GraphUnits } from './plan/graph-units.js';
import { LayerUnits } from './plan/layer-units.js';
import { SampledUnits } from './plan/sampled-units.js';
import { StateUnits } from './plan/state-units.js';
import { PriorityPolicy } from './sampling/priority-policy.js';
import { SampledSearch } from './sampling/sampled-search.js';
import type { SamplingPolicy } from './sampling/sampling-policy.js';
import { UniformPolicy } from './sampling/uniform-policy.js';
import { WalkPolicy } from './sampling/walk-policy.js';
import type { SearchSettings, SearchStrategy } from './search-strategy.js';
import { StateSearch } from './states/state-search.js';
import { mayInject } from './stateless/may-inject.js';
import { StatelessSearch } from './stateless/stateless-search.js';

/** The names of {@link STRATEGIES}. */
export type SearchName = 'graphs' | 'states' | 'classes' | 'random' | 'pct' | 'walk';

/** All ways to search, by name. */
export const STRATEGIES: Readonly<Record<SearchName, SearchStrategy>> = {
  graphs: {
    summary: 'every class of executions; paths are one where machine state and class agree',
    counts: 'classes',
    isExhaustive: true,
    ordersEvents: true,
    keeps: { fingerprint: true },
    settings: ['preemptions', 'delays'],
    create: (scenario, machine) => new ExhaustiveSearch(scenario, machine),
    units: (scenario, { machine, limits, claims }) => {
      if (limits.preemptions !== Infinity || limits.delays !== Infinity) return undefined;
      return conflictsAreKnown(scenario, machine, limits)
        ? new GraphUnits(scenario, machine, limits)
        : new LayerUnits(scenario, machine, limits, claims);
    },
  },
  states: {
    summary: 'every state of the machine; paths are one where the state agrees',
    counts: 'states',
    isExhaustive: true,
    ordersEvents: true,
    keeps: { fingerprint: true },
    settings: ['fingerprint', 'reduce', 'symmetry', 'preemptions', 'delays'],
    create: (scenario, machine, { fingerprint, reduce, symmetry }) =>
      new StateSearch(scenario, { identity: fingerprint, reduce, symmetry, machine }),
    units: (scenario, options) => new StateUnits(scenario, options),
  },
  classes: {
    summary: 'one execution of every class, by partial-order reduction; states are not kept',
    counts: 'classes',
    isExhaustive: true,
    ordersEvents: false,
    keeps: {},
    settings: [],
    create: (scenario, machine) => new StatelessSearch(scenario, machine),
    units: (scenario, { machine, limits }) =>
      new ClassUnits(new StatelessSearch(scenario, machine), limits),
  },
  random: sampling('every possible decision is as likely as any other', () => new UniformPolicy()),
  pct: sampling(
    'random priorities that change at random places; finds bugs of a depth with a known probability',
    ({ depth }) => new PriorityPolicy(depth),
    ['depth'],
  ),
  walk: sampling('every interleaving is as likely as any other', () => new WalkPolicy()),
};

/**
 * Whether a search for graphs can be cut by which events conflict: not where that is not known, nor where
 * paths meet that differ in more than the order of what does not conflict, as they do where kernel
 * events abort sections.
 */
function conflictsAreKnown(
  scenario: Scenario,
  machine: MachineConfig,
  { kernelEvents }: PassLimits,
): boolean {
  const { memory = 'sc' } = { ...scenario.machine, ...machine };
  return memory !== 'weak' && !(kernelEvents > 0 && mayInject(scenario, machine));
}

/** A strategy that draws executions from seeds by a policy. */
function sampling(
  summary: string,
  policy: (settings: Required<SearchSettings>) => SamplingPolicy,
  more: readonly (keyof SearchSettings)[] = [],
): SearchStrategy {
  return {
    summary,
    counts: 'classes',
    isExhaustive: false,
    ordersEvents: false,
    keeps: { fingerprint: true },
    settings: ['seed', 'preemptions', 'delays', ...more],
    create: (scenario, machine, settings) =>
      new SampledSearch(scenario, { policy: policy(settings), seed: settings.seed, machine }),
    units: (scenario, options) =>
      new SampledUnits(scenario, { ...options, policy: policy(options.settings) }),
  };
}
