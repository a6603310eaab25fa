import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import { findingKey } from '../findings/finding-key.js';
import { ScenarioRunner } from '../scenario-runner.js';
import type { Scenario } from '../scenario.js';
import { recordRun } from '../trace/record-run.js';
import type { RecordedDecisions } from '../trace/record-run.js';
import {
  beginnings,
  fewerBlocks,
  fewerDecisions,
  fewerEvents,
  joinedBlocks,
} from './candidates.js';
import type { Schedule } from './candidates.js';
import { isSimpler } from './schedule-cost.js';
import type { ScheduleCost } from './schedule-cost.js';
import { TolerantDirector } from './tolerant-director.js';

/** How a failing run is shrunk. */
export interface ShrinkOptions {
  /** What replaced parts of the scenario's machine when the run was made. */
  readonly machine?: MachineConfig;
  /** Most runs that are tried; default 5,000. */
  readonly replays?: number;
  /** Called after every run with how many there were, and the simplest schedule so far. */
  readonly onProgress?: (replays: number, cost: ScheduleCost) => void;
}

/** A failing run that is as simple as could be made. */
export interface ShrunkRun {
  /** The run, as a token takes it. */
  readonly recorded: RecordedDecisions;
  /** What it finds: what the run it was made of finds. */
  readonly finding: Finding;
  readonly cost: ScheduleCost;
  /** What the run cost that it was made of. */
  readonly before: ScheduleCost;
  /** Runs that were tried. */
  readonly replays: number;
  /** Whether nothing that is tried makes it simpler: false where the limit on runs came first. */
  readonly isMinimal: boolean;
}

const DEFAULT_REPLAYS = 5_000;

/** A run may be so much longer than the one it is to replace, and is given up then. */
const SLACK_DECISIONS = 64;

/** What is tried, over and over until nothing helps. */
const PASSES = [beginnings, fewerDecisions, fewerBlocks, joinedBlocks, fewerEvents] as const;

/**
 * Makes a failing run simpler as long as it finds the same: fewer switches between threads, then fewer
 * kernel events, then shorter.
 *
 * Deterministic: the same run is shrunk to the same run.
 *
 * @returns undefined when the run finds nothing
 * @throws MachineError `ERR_DECISION`, ExplorerError `ERR_SCENARIO`: see {@link recordRun}
 */
export function shrinkRun(
  scenario: Scenario,
  recorded: RecordedDecisions,
  options: ShrinkOptions = {},
): ShrunkRun | undefined {
  const { machine } = options;
  const { finding } = recordRun(scenario, recorded, machine && { machine });
  if (finding === undefined) return undefined;
  const shrinker = new Shrinker(scenario, recorded, finding, options);
  try {
    return shrinker.shrink();
  } finally {
    shrinker.giveBack();
  }
}

class Shrinker {
  readonly #scenario: Scenario;
  readonly #recorded: RecordedDecisions;
  readonly #options: ShrinkOptions;
  #runner: ScenarioRunner | undefined;
  readonly #director: TolerantDirector;
  readonly #wanted: string;
  readonly #limit: number;
  readonly #tried = new Set<string>();
  #best: Schedule & { readonly cost: ScheduleCost; readonly finding: Finding };
  #replays = 0;

  constructor(
    scenario: Scenario,
    recorded: RecordedDecisions,
    finding: Finding,
    options: ShrinkOptions,
  ) {
    this.#scenario = scenario;
    this.#recorded = recorded;
    this.#options = options;
    this.#wanted = findingKey(finding);
    this.#limit = options.replays ?? DEFAULT_REPLAYS;
    this.#director = new TolerantDirector(recorded.scheduling, recorded.granularity);
    this.#director.isOver = () => this.#runner!.lab.findings.length > 0;
    this.#run(Array.from(recorded.decisions));
    const { taken, actors, cost } = this.#director;
    this.#best = { decisions: [...taken], actors: [...actors], cost, finding };
    this.#tried.add(taken.join());
  }

  /** Gives its machine back, until it tries something. */
  giveBack(): void {
    this.#runner?.giveBack();
    this.#runner = undefined;
  }

  shrink(): ShrunkRun {
    const before = this.#best.cost;
    while (this.#improveOnce());
    const { decisions, cost, finding } = this.#best;
    return {
      recorded: { ...this.#recorded, decisions: Uint32Array.from(decisions) },
      finding,
      cost,
      before,
      replays: this.#replays,
      isMinimal: this.#replays < this.#limit,
    };
  }

  /** Tries everything on the simplest schedule; true as soon as another is simpler. */
  #improveOnce(): boolean {
    let isImproved = false;
    for (const pass of PASSES)
      for (const candidate of pass(this.#best)) {
        if (this.#replays >= this.#limit) return false;
        if (!this.#try(candidate)) continue;
        isImproved = true;
        break;
      }
    return isImproved;
  }

  #try(candidate: readonly number[]): boolean {
    const key = candidate.join();
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    const finding = this.#run(candidate);
    const { actors, taken, cost } = this.#director;
    const schedule = { decisions: [...taken], actors: [...actors] };
    this.#tried.add(schedule.decisions.join());
    const isBetter = finding !== undefined && isSimpler(cost, this.#best.cost);
    const same = isBetter ? this.#confirm(schedule, finding) : undefined;
    if (same !== undefined) this.#best = { ...schedule, cost, finding: same };
    this.#options.onProgress?.(this.#replays, this.#best.cost);
    return same !== undefined;
  }

  #run(script: readonly number[]): Finding | undefined {
    this.#replays += 1;
    this.#director.follow(script);
    const { decisions, scheduling } = this.#recorded;
    // Where simulated time decides who runs, nobody is held back.
    const spinning = scheduling === 'free' ? 'held back' : 'spin';
    const { machine } = this.#options;
    this.#runner ??= new ScenarioRunner(this.#scenario, this.#director, machine, spinning);
    const limits = { decisions: decisions.length + SLACK_DECISIONS };
    return this.#runner.run(this.#director, limits).findings[0];
  }

  /** The finding as its recorded run explains it, if it is the wanted one. */
  #confirm({ decisions }: Schedule, found: Finding): Finding | undefined {
    const { machine } = this.#options;
    if (found.kind !== 'deadlock' && findingKey(found) !== this.#wanted) return undefined;
    const recorded = { ...this.#recorded, decisions: Uint32Array.from(decisions) };
    this.giveBack();
    const { finding } = recordRun(this.#scenario, recorded, machine && { machine });
    return finding !== undefined && findingKey(finding) === this.#wanted ? finding : undefined;
  }
}
