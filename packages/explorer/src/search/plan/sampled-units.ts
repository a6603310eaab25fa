import type { Finding } from '../../finding.js';
import type { Scenario } from '../../scenario.js';
import type { PassCounts, PassResult } from '../exhaustive-pass.js';
import { FingerprintSet } from '../fingerprint-set.js';
import { SampledSearch, blockOf } from '../sampling/sampled-search.js';
import type { SamplingPolicy } from '../sampling/sampling-policy.js';
import type { UnitOptions } from '../search-strategy.js';
import { equalUnits } from './search-plan.js';
import type { PlannedUnit, UnitOutcome } from './search-plan.js';
import type { UnitSearch } from './unit-search.js';

/** Executions of one pass: a range of indices, each of which has a seed of its own. */
interface SampledRange {
  /** Bound on kernel events; null for none. */
  readonly kernelEvents: number | null;
  readonly first: number;
  readonly count: number;
}

/** What a range came to. */
interface SampledValue {
  readonly bound: number | null;
  readonly executions: number;
  readonly blocked: number;
  readonly kernelEvents: number;
  /** Fingerprints of the classes that were met, two words each. */
  readonly classes: readonly number[];
  readonly finding?: Finding;
  readonly decisions?: readonly number[];
}

/** What is sampled. */
export interface SampledUnitsOptions extends UnitOptions {
  readonly policy: SamplingPolicy;
}

/** Executions drawn at random, in ranges. */
export class SampledUnits implements UnitSearch {
  readonly budget: number = Infinity;
  readonly #search: SampledSearch;
  readonly #options: UnitOptions;

  constructor(scenario: Scenario, { policy, ...options }: SampledUnitsOptions) {
    const { settings, machine } = options;
    this.#search = new SampledSearch(scenario, { policy, seed: settings.seed, machine });
    this.#options = options;
  }

  plan(): readonly PlannedUnit[] {
    const { limits, deepens } = this.#options;
    const { kernelEvents, executions } = limits;
    const bounds = deepens ? Array.from({ length: kernelEvents + 1 }, (_, n) => n) : [kernelEvents];
    const size = blockOf(executions);
    const ranges: SampledRange[] = [];
    for (const bound of bounds)
      for (let first = 0; first < executions; first += size)
        ranges.push({
          kernelEvents: bound === Infinity ? null : bound,
          first,
          count: Math.min(size, executions - first),
        });
    return equalUnits(ranges);
  }

  perform(
    work: unknown,
    _before: readonly unknown[],
    onExecution: (counts: PassCounts) => void,
  ): UnitOutcome<SampledValue> {
    const { kernelEvents: bound, first, count } = work as SampledRange;
    const search = this.#search;
    const { executions, blocked, kernelEvents, finding, decisions } = search.run(
      { ...this.#options.limits, kernelEvents: bound ?? Infinity, executions: count },
      onExecution,
      first,
      blockOf(this.#options.limits.executions),
    );
    const classes = search.classes.words();
    const counts = { bound, executions, blocked, kernelEvents, classes };
    if (finding === undefined) return { value: counts };
    return { value: { ...counts, finding, decisions: [...(decisions ?? [])] }, ends: true };
  }

  giveBack(): void {
    this.#search.giveBack();
  }

  merge(values: readonly unknown[]): PassResult {
    const ranges = values as readonly SampledValue[];
    const last = ranges.at(-1);
    const classes = new FingerprintSet();
    const counts = { executions: 0, blocked: 0, kernelEvents: 0 };
    for (const { bound, executions, blocked, kernelEvents, classes: met } of ranges) {
      counts.executions += executions;
      // As of a search that deepens in one go: all counts but this are those of the last pass.
      if (bound !== last?.bound) continue;
      counts.blocked += blocked;
      counts.kernelEvents = Math.max(counts.kernelEvents, kernelEvents);
      classes.addAll(met);
    }
    const all = { ...counts, classes: classes.size, states: 0 };
    if (last?.finding === undefined) return { end: 'sampled', ...all };
    const { finding, decisions = [], kernelEvents } = last;
    return {
      end: 'finding',
      finding,
      decisions: Uint32Array.from(decisions),
      ...all,
      kernelEvents,
    };
  }
}
