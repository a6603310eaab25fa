import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../../scenario.js';
import type { PassCounts, PassLimits } from '../../exhaustive-pass.js';
import { MachineProbe } from '../machine-probe.js';
import type { FrontierOptions } from '../state-frontier.js';
import { StateVisits } from '../state-visits.js';
import { TransitionLabels } from '../transition-labels.js';
import { Unsuitable } from '../unsuitable.js';
import { WordOwners } from '../word-owners.js';
import type { LaneReport, LaneRound } from './lane-round.js';
import { SharedFrontier, stateWords } from './shared-frontier.js';
import { WorkPool } from './work-pool.js';

/** States between two reports of progress. */
const REPORT_STATES = 256;

/** Executions that are a unit for others. */
const UNIT_EXECUTIONS = 256;

/** How a scenario is searched by several together. */
export interface LaneOptions extends FrontierOptions {
  readonly machine?: MachineConfig;
  readonly limits: PassLimits;
}

/** One of several who search a scenario's states together, each on a machine of its own. */
export class StateLane {
  readonly #limits: PassLimits;
  readonly #probe: MachineProbe;
  readonly #frontier: SharedFrontier;
  readonly #visits: StateVisits;
  readonly #pool: WorkPool;
  /** Undefined where no states are left out. */
  readonly #owners: WordOwners | undefined;
  /** The number of the pass that it takes part in. */
  readonly pass: number;
  #nextReport = REPORT_STATES;
  #toldUnits = 0;
  #needsOne = false;

  /**
   * @param first round, of which only what is shared is looked at
   * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built; Unsuitable where its states cannot
   *   be kept
   */
  constructor(scenario: Scenario, options: LaneOptions, { memory, pass }: LaneRound) {
    const { machine = {}, limits } = options;
    this.#limits = limits;
    const probe = (this.#probe = new MachineProbe(scenario, machine));
    const owners = (this.#owners = pass.reduces ? new WordOwners(pass.shared) : undefined);
    this.pass = pass.number;
    const parts = probe.begin(owners);
    const labels = new TransitionLabels();
    const frontier = (this.#frontier = new SharedFrontier(parts, options, labels, memory));
    const ports = { probe, parts, frontier, labels, limits, owners };
    this.#visits = new StateVisits(ports);
    this.#pool = new WorkPool(memory.pool, stateWords(parts.layout.threads));
  }

  /** Counts of this lane. */
  counts(): PassCounts {
    return this.#visits.counts();
  }

  /** Gives its machine back: it searches no more. */
  giveBack(): void {
    this.#probe.giveBack();
  }

  /** Searches until nobody has work any more, or everybody is told to stop. */
  run(round: LaneRound, onProgress: (counts: PassCounts) => void): LaneReport {
    const frontier = this.#frontier;
    frontier.store.moveTo(round.memory.states);
    frontier.registry.moveTo(round.memory.parts);
    this.#pool.lanes = round.lanes;
    this.#pool.waits = round.inTurns !== true;
    if (round.layer !== frontier.layer) this.#pool.isHungry = false;
    frontier.beginLayer(round.layer);
    onProgress(this.counts());
    try {
      if (round.states !== undefined) this.#accept(round.states);
      if (round.isStart) this.#visits.start();
      this.#search(round.most ?? Infinity, onProgress);
    } catch (error) {
      if (!(error instanceof Unsuitable)) throw error;
      this.#needsOne = true;
    }
    if (this.#visits.failure !== undefined) this.#needsOne = true;
    if (this.#needsOne) this.#pool.isStopped = true;
    onProgress(this.counts());
    return {
      counts: this.counts(),
      isBounded: this.#visits.isBounded,
      isDone: this.#pool.isHungry,
      waiting: frontier.waiting,
      needsOne: this.#needsOne,
      owners: this.#owners?.facts ?? [],
      edges: frontier.edges.record,
      ...(round.keeps && {
        states: { open: frontier.copyOf('open'), waiting: frontier.copyOf('waiting') },
      }),
    };
  }

  #accept({ open, waiting }: { readonly open: Int32Array; readonly waiting: Int32Array }): void {
    this.#frontier.accept(open);
    this.#frontier.accept(waiting, 'waiting');
  }

  #search(most: number, onProgress: (counts: PassCounts) => void): void {
    const frontier = this.#frontier;
    const visits = this.#visits;
    const pool = this.#pool;
    for (let count = 0; count < most && visits.failure === undefined; count++) {
      if (pool.isStopped) return;
      if (pool.isWanted) this.#share();
      if (!frontier.advance()) {
        const states = pool.fetch();
        if (states === undefined) return;
        frontier.accept(states);
        continue;
      }
      if (this.#isOver()) {
        this.#needsOne = true;
        return;
      }
      this.#report(onProgress);
      if (this.#needsOne) return;
      visits.visit();
      if (this.#owners?.isWrong === true || this.#owners?.isForeign === true) pool.isStopped = true;
      // Who finds that there is little room left ends the round, in which nothing can be made larger.
      if (frontier.store.isNearlyFull || frontier.registry.isNearlyFull) pool.isStopped = true;
    }
  }

  /** Leaves half of what is to be done to others, at most as much as there is room for. */
  #share(): void {
    const { open } = this.#frontier;
    const pool = this.#pool;
    if (open < 2) return;
    // Those who left before come back in the next round.
    if (pool.isLeft) pool.isStopped = true;
    else {
      const states = this.#frontier.handOver(Math.min(open >>> 1, pool.room));
      if (!pool.leave(states)) this.#frontier.accept(states);
    }
  }

  #isOver(): boolean {
    const { state, store } = this.#frontier;
    const { decisions } = this.#limits;
    return decisions !== Infinity && store.depthOf(state) > decisions;
  }

  #report(onProgress: (counts: PassCounts) => void): void {
    const { reached, meetings } = this.#frontier;
    if (reached < this.#nextReport) return;
    this.#nextReport = reached + REPORT_STATES;
    onProgress(this.counts());
    const executions = meetings + this.#visits.ends;
    const units = Math.floor(executions / UNIT_EXECUTIONS) - this.#toldUnits;
    this.#toldUnits += units;
    // How many there may be decides one thread, which goes there by its own way.
    if (this.#pool.addExecutions(units) * UNIT_EXECUTIONS >= this.#limits.executions)
      this.#needsOne = true;
  }
}
