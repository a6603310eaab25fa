import { CombinedShadow, NO_DECISION } from '@rseqlab/sim-machine';
import type { Director, MachineConfig, ShadowObserver } from '@rseqlab/sim-machine';
import { ExplorerError } from '../../explorer-error.js';
import type { Scenario } from '../../scenario.js';
import { LongUnit } from './long-unit.js';
import { LapFinder } from '../livelock/lap-finder.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import { ClassTracker } from '../class-tracker.js';
import type { PassLimits } from '../exhaustive-pass.js';
import { FingerprintSet } from '../fingerprint-set.js';
import type { HeldValues } from '../spin/word-values.js';
import { mayInject } from './may-inject.js';
import { pointsLeft } from './points-left.js';
import { SearchPlan } from './search-plan.js';
import { sharesOf } from './shares-left.js';
import { startOf, unitOf } from './search-unit.js';
import type { SearchUnit } from './search-unit.js';
import type { SearchBounds, StartingPoint } from './starting-point.js';
import { StatelessDirector } from './stateless-director.js';
import { unmergedDecisions } from './unmerged-decisions.js';
import { mergeUnits } from './unit-result.js';
import type { ClassCounts, ClassResult, PlannedPart, UnitResult } from './unit-result.js';

/** Stores that a CPU can buffer unless the machine says otherwise. */
const DEFAULT_CAPACITY = 8;

const UNLIMITED = Infinity;

const NOTHING_HELD: HeldValues = [];

/** What a unit came to, without what its search knows of threads that spin. */
type SearchedUnit = Omit<UnitResult, 'held' | 'isByValues'>;

/** When a search by classes gives up. */
export type ClassLimits = Pick<PassLimits, 'kernelEvents' | 'executions' | 'decisions'>;

/** Stands in until there is a machine to make the real one for. */
const NOBODY: Director = {
  name: 'nobody',
  scheduling: 'free',
  granularity: 'access',
  decide: () => NO_DECISION,
  choose: () => 0,
};

/**
 * Executes one interleaving of every class of a scenario, under `sc` or `tso`.
 *
 * A class is a distinct graph of program order, reads-from and coherence. Where only threads' own
 * steps and the draining of stores take part, every execution is of another class, and none is given
 * up on the way (optimal partial-order reduction). Kernel events are ordered against all that their
 * CPU does: executions that differ in that order alone are of one class, and counted as redundant.
 *
 * One object makes any number of passes over one machine.
 */
export class StatelessSearch {
  readonly #runner: ScenarioRunner;
  readonly #director: StatelessDirector;
  readonly #tracker: ClassTracker;
  readonly #watching: ShadowObserver;
  readonly #mayInject: boolean;
  readonly #laps: LapFinder;
  readonly #classes = new FingerprintSet();
  /** Whether the class of every execution is computed. */
  #isWatching = false;

  /**
   * @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built; ExplorerError
   *   `ERR_OPTION` for a memory model that this search does not know
   */
  constructor(scenario: Scenario, overrides: MachineConfig = {}) {
    const config = { ...scenario.machine, ...overrides };
    const memory = config.memory ?? 'sc';
    if (memory !== 'sc' && memory !== 'tso')
      throw new ExplorerError(
        'ERR_OPTION',
        `expected memory "sc" or "tso" for a search by classes, got "${memory}"`,
      );
    this.#runner = new ScenarioRunner(scenario, NOBODY, overrides, 'held back');
    const { machine } = this.#runner;
    const spins = this.#runner.spins!;
    this.#mayInject = mayInject(scenario, overrides);
    const capacity = config.storeBufferEntries ?? DEFAULT_CAPACITY;
    this.#director = new StatelessDirector(machine, capacity, spins);
    this.#tracker = new ClassTracker(machine);
    const { collector } = this.#director;
    this.#watching = new CombinedShadow(collector, this.#tracker);
    spins.listen(collector);
    this.#laps = new LapFinder(scenario, overrides, this.#runner);
  }

  /** Makes a pass; `onExecution` is called after every execution. */
  run(limits: ClassLimits, onExecution?: (counts: ClassCounts) => void): ClassResult {
    const { kernelEvents } = this.#boundsOf(limits.kernelEvents);
    const unit = { prefix: [], asleep: [], kernelEvents, boundReached: false };
    return mergeUnits([this.runUnit(unit, limits, onExecution)]);
  }

  /** Gives its machines back: it makes no more passes. */
  giveBack(): void {
    this.#runner.giveBack();
    this.#laps.giveBack();
  }

  /** Whether the scenario allows kernel events. */
  get mayInject(): boolean {
    return this.#mayInject;
  }

  /**
   * Splits the search with a bound on kernel events into at least so many units, if there are as
   * many.
   *
   * @param held - what words may hold, of those on which threads spin
   */
  plan(limits: ClassLimits, atLeast: number, held: HeldValues = NOTHING_HELD): SearchUnit[] {
    this.#learn(held);
    const bounds = this.#boundsOf(limits.kernelEvents);
    const director = this.#director;
    const { spins } = this.#runner;
    let plan: SearchPlan;
    let starts: StartingPoint[];
    let known: number;
    do {
      known = spins!.places;
      plan = new SearchPlan(director, bounds, () => {
        this.#runner.run(director, { decisions: limits.decisions });
      });
      starts = plan.split(atLeast);
      // What conflicts was not all known before.
    } while (spins!.places > known || spins!.knowledge.dropOutdated());
    return starts.map((start) =>
      unitOf(start, bounds.kernelEvents, plan.boundReached, director.locations),
    );
  }

  /**
   * Searches one unit; the bound on kernel events is that of its plan.
   *
   * @param most - executions after which the rest of it is left over: where few parts are left, before twice as many
   * @param held - what words may hold, of those on which threads spin
   */
  runUnit(
    unit: SearchUnit,
    limits: Omit<ClassLimits, 'kernelEvents'>,
    onExecution?: (counts: ClassCounts) => void,
    most: number = UNLIMITED,
    held: HeldValues = NOTHING_HELD,
  ): UnitResult {
    this.#learn(held);
    if (this.#mayInject && unit.kernelEvents !== 0) this.#watch();
    for (;;) {
      const result = this.#attempt(unit, limits, most, onExecution);
      const { isByValues } = this.#runner.spins!.knowledge;
      if (result !== undefined) return { ...result, held: this.heldOf(held), isByValues };
      if (this.#director.isMixed) this.#watch();
    }
  }

  /** What words have held by which it was told in how many reads threads go round, and some others. */
  heldOf(others: HeldValues): HeldValues {
    return this.#runner.spins!.knowledge.heldOf(others);
  }

  /** Words on which threads spin may hold what was not seen here. */
  #learn(held: HeldValues): void {
    if (held.length === 0) return;
    const spins = this.#runner.spins!;
    spins.wake();
    spins.knowledge.learn(held);
  }

  /** From now on computes the class of every execution. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#runner.spins!.listen(this.#watching);
  }

  /** Searches a unit; undefined where it comes out that more has to be looked at from the start. */
  #attempt(
    unit: SearchUnit,
    limits: Omit<ClassLimits, 'kernelEvents'>,
    most: number,
    onExecution?: (counts: ClassCounts) => void,
  ): SearchedUnit | undefined {
    const director = this.#director;
    const spins = this.#runner.spins!;
    const { places } = spins;
    const bounds = this.#boundsOf(unit.kernelEvents ?? Infinity);
    director.begin(startOf(unit, director.locations), bounds);
    this.#classes.clear();
    const counts = { executions: 0, ownClasses: 0, blocked: 0, redundant: 0, kernelEvents: 0 };
    const fingerprints: number[] = [];
    const ended = (end: UnitResult['end']): SearchedUnit => ({
      end,
      ...counts,
      fingerprints,
    });
    const long = new LongUnit(most);
    let isOver = false;
    do {
      if (counts.executions >= limits.executions) return ended('gave-up');
      if (long.endsAt(counts.executions, director.log.length)) break;
      if (this.#isWatching) this.#tracker.reset();
      const { result, findings } = this.#runner.run(director, { decisions: limits.decisions });
      director.finish();
      if (director.needsRestart || (!this.#isWatching && director.isMixed)) return undefined;
      counts.executions += 1;
      if (director.isRedundant) counts.redundant += 1;
      else if (result.outcome === 'finished') this.#count(counts, fingerprints);
      else if (result.outcome === 'stuck') counts.blocked += 1;
      onExecution?.(this.#progress(counts));
      const finding = findings[0];
      if (finding !== undefined) {
        const decisions = [...this.#runner.machine.decisions];
        return { ...ended('finding'), finding, decisions, kernelEvents: director.events };
      }
      const lap = this.#laps.lookAt(director.log.length, () =>
        unmergedDecisions(director, this.#runner.machine.decisions),
      );
      if (lap !== undefined)
        return {
          ...ended('finding'),
          finding: lap.finding,
          decisions: [...lap.decisions],
          kernelEvents: director.events,
        };
      if (result.outcome === 'limit') return ended('gave-up');
      isOver = !director.advance();
    } while (!isOver);
    // Where a thread first did so it was not known that it spins, or on how much, and what that conflicts with.
    if (spins.places > places || spins.knowledge.dropOutdated()) return undefined;
    const boundReached = unit.boundReached || director.planner.boundReached;
    const result = ended(boundReached ? 'bounded' : 'all');
    return isOver ? result : { ...result, rest: this.#rest(unit, limits) };
  }

  /** What is left of a unit, as units: first what a search in one go would come to first. */
  #rest(unit: SearchUnit, { decisions }: Pick<ClassLimits, 'decisions'>): PlannedPart[] {
    const director = this.#director;
    const points = pointsLeft(director.standing, unit.boot);
    const bounds = this.#boundsOf(unit.kernelEvents ?? Infinity);
    const plan = new SearchPlan(director, bounds, () => {
      this.#runner.run(director, { decisions });
    });
    const partsAt = points.map((point) => plan.partsOf(point));
    return sharesOf(points, partsAt, unit.asleep.length).map(({ start, share }) => ({
      unit: unitOf(start, bounds.kernelEvents, unit.boundReached, director.locations),
      share,
    }));
  }

  /** Counts a complete execution. */
  #count(
    counts: { ownClasses: number; redundant: number; kernelEvents: number },
    fingerprints: number[],
  ): void {
    const director = this.#director;
    counts.kernelEvents = Math.max(counts.kernelEvents, director.events);
    if (!this.#isWatching) {
      counts.ownClasses += 1;
      return;
    }
    const tracker = this.#tracker;
    tracker.compute();
    if (this.#classes.add(tracker.low, tracker.high)) fingerprints.push(tracker.low, tracker.high);
    else counts.redundant += 1;
  }

  #progress(counts: {
    executions: number;
    ownClasses: number;
    blocked: number;
    redundant: number;
    kernelEvents: number;
  }): ClassCounts {
    // After every execution: to copy what is there, whatever it is, would take a fifth of its time.
    const { executions, ownClasses, blocked, redundant, kernelEvents } = counts;
    const classes = ownClasses + this.#classes.size;
    return { executions, classes, blocked, redundant, kernelEvents, states: 0 };
  }

  #boundsOf(kernelEvents: number): SearchBounds {
    return { kernelEvents, mayInject: this.#mayInject, isProbe: false };
  }
}
