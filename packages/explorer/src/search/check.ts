import type { MachineConfig } from '@rseqlab/sim-machine';
import { ExplorerError } from '../explorer-error.js';
import type { Finding } from '../finding.js';
import { MachinePool } from '../machine-pool.js';
import type { Scenario } from '../scenario.js';
import { differingDecision } from '../findings/nondeterminism.js';
import { stepBound } from '../findings/step-bound.js';
import { recordRun } from '../trace/record-run.js';
import { limitsOf } from './check-limits.js';
import { chosenSearch } from './chosen-search.js';
import { deepen } from './deepening.js';
import type { PassCounts, PassLimits, PassResult } from './exhaustive-pass.js';
import type { SearchSettings, SearchStrategy } from './search-strategy.js';
import type { SearchName } from './strategies.js';

/** How a check searches, and how far. */
export interface CheckOptions extends SearchSettings {
  /** How it searches; default `graphs`. */
  readonly search?: SearchName;
  /** Most kernel events on one path; default as many as there can be. */
  readonly kernelEvents?: number;
  /**
   * Most executions of one pass before the answer is `unknown`; default 1,000,000, of a search that
   * samples 10,000.
   */
  readonly executions?: number;
  /** Most decisions of one execution; default 100,000. */
  readonly decisions?: number;
  /**
   * Whether a search that samples passes once for each number of kernel events, from 0 to the bound;
   * exhaustive searches need not be told to find the least number.
   */
  readonly deepen?: boolean;
  /** Replaces parts of the scenario's machine. */
  readonly machine?: MachineConfig;
  /** Called after every execution with the counts of the pass so far. */
  readonly onProgress?: (counts: PassCounts) => void;
}

/** The answer of a check. */
export interface CheckResult extends PassCounts {
  /** `unknown`: a bound was reached before every path was taken, and nothing was found so far. */
  readonly outcome: 'holds' | 'fails' | 'unknown';
  /**
   * Of a failure: the least number of kernel events with which any execution fails. Of another
   * answer: the most that were on any path.
   */
  readonly kernelEvents: number;
  /**
   * What was found, on a path with the least number of kernel events. Of an unknown answer, a
   * `step-bound`: the execution that did not end.
   */
  readonly finding?: Finding;
  /** The decisions that lead to the finding. */
  readonly decisions?: Uint32Array;
  /** Why the answer is unknown. */
  readonly reason?: string;
}

/**
 * Checks a scenario: exhaustively, or in executions that are drawn at random.
 *
 * An exhaustive search takes paths with few kernel events first, so that a finding needs as few as any
 * can. A search that samples never says `holds`.
 *
 * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built; ExplorerError
 *   `ERR_SCENARIO` when the scenario's own code throws, `ERR_OPTION` for a limit out of its range or a
 *   setting that the search does not understand
 */
export function check(given: Scenario, options: CheckOptions = {}): CheckResult {
  const scenario = { machines: new MachinePool(), ...given };
  const { strategy, settings, limits, deepens } = preparedCheck(scenario, options);
  const search = strategy.create(scenario, options.machine ?? {}, settings);
  try {
    const pass = deepens
      ? deepen(search, limits, options.onProgress)
      : search.run(limits, options.onProgress);
    search.giveBack();
    return resultOf(scenario, options, pass, limits);
  } catch (error) {
    const finding = differingDecision(error);
    if (finding === undefined) throw error;
    return { outcome: 'fails', finding, ...NO_COUNTS };
  }
}

const NO_COUNTS: PassCounts = { executions: 0, classes: 0, blocked: 0, states: 0, kernelEvents: 0 };

/** Executions of a search that samples, unless something else is asked for. */
const SAMPLED_EXECUTIONS = 10_000;

/**
 * What the machines of a search have that is chosen by options: who runs the scenario on such a one before the search
 * leaves it that machine.
 *
 * @throws ExplorerError `ERR_OPTION` as {@link check} does
 */
export function searchedMachine(options: CheckOptions): MachineConfig {
  return { ...options.machine, ...chosenSearch(options).strategy.keeps };
}

/** A check with everything filled in that was left to its default. */
export interface PreparedCheck {
  readonly strategy: SearchStrategy;
  readonly settings: Required<SearchSettings>;
  readonly limits: PassLimits;
  /** Whether there is a pass for each number of kernel events. */
  readonly deepens: boolean;
}

/**
 * Fills in what options leave to the defaults.
 *
 * @throws ExplorerError `ERR_OPTION` as {@link check} does
 */
export function preparedCheck(scenario: Scenario, options: CheckOptions): PreparedCheck {
  const { strategy, settings } = chosenSearch(options);
  if (strategy.counts === 'states' && scenario.detect?.includes('races') === true)
    throw new ExplorerError(
      'ERR_OPTION',
      'expected a search that tells executions apart to look for races (graphs), got one of states',
    );
  const limits = limitsOf(options, strategy.isExhaustive ? undefined : SAMPLED_EXECUTIONS);
  const deepens = strategy.isExhaustive ? !strategy.ordersEvents : options.deepen === true;
  return { strategy, settings, limits, deepens };
}

/** The answer that a pass with some limits comes to. */
export function resultOf(
  scenario: Scenario,
  options: CheckOptions,
  pass: PassResult,
  limits: PassLimits,
): CheckResult {
  const counts = countsOf(pass);
  switch (pass.end) {
    case 'all':
      return { outcome: 'holds', ...counts };
    case 'bounded':
      return { outcome: 'unknown', reason: `the bound of ${boundsText(limits)}`, ...counts };
    case 'sampled':
      return { outcome: 'unknown', reason: 'the number of executions to sample', ...counts };
    case 'gave-up':
      return {
        outcome: 'unknown',
        reason: 'the limit on executions or decisions',
        ...counts,
        ...(pass.decisions && { decisions: pass.decisions, finding: stepBound(pass.decisions) }),
      };
    case 'finding':
      return {
        outcome: 'fails',
        ...counts,
        ...(pass.finding && { finding: explained(scenario, options, pass) ?? pass.finding }),
        ...(pass.decisions === undefined ? {} : { decisions: pass.decisions }),
      };
  }
}

/** The finding as the recorded run explains it. */
function explained(
  scenario: Scenario,
  { machine }: CheckOptions,
  { decisions, finding }: PassResult,
): Finding | undefined {
  // That something goes on for ever is not seen from one run.
  if (decisions === undefined || finding?.kind === 'livelock') return finding;
  const recorded = { decisions, scheduling: 'free', granularity: 'access' } as const;
  return recordRun(scenario, recorded, machine && { machine }).finding;
}

function boundsText({ kernelEvents, preemptions, delays }: PassLimits): string {
  const bounds = [
    [kernelEvents, 'kernel events'],
    [preemptions, 'preemptions'],
    [delays, 'delays'],
  ] as const;
  return bounds
    .filter(([limit]) => limit !== Infinity)
    .map(([limit, noun]) => `${limit} ${noun}`)
    .join(' and ');
}

function countsOf({ executions, classes, blocked, states, kernelEvents }: PassCounts): PassCounts {
  return { executions, classes, blocked, states, kernelEvents };
}
