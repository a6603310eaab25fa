import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Finding } from '../../finding.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import type { Scenario } from '../../scenario.js';
import { ProfileDirector } from '../sampling/run-profile.js';
import { LapDirector } from './lap-director.js';

/** A lap that was gone round so often is gone round for ever. */
const LAP_ROUNDS = 1024;

/** Decisions of an execution that are looked at, at most. */
const MOST_DECISIONS = 8_192;

/** Places, one after the other, from which it is tried what comes of everybody going on in turn. */
const MOST_PHASES = 16;

/** Decisions in turn that are made from there, at most. */
const FAIR_DECISIONS = 512;

/** Laps in one list of decisions that are gone round, at most. */
const MOST_LAPS = 8;

/** Executions that are looked at, at most. */
const MOST_LOOKS = 256;

/** An execution is long that has so many more decisions than twice those of the first. */
const SLACK_DECISIONS = 32;

/** A livelock, with the decisions that lead into a lap and once around. */
export interface FoundLap {
  readonly finding: Finding;
  readonly decisions: Uint32Array;
}

/**
 * Looks for livelocks in single executions: long ones are made again, and looked at for a lap in which
 * nobody is kept waiting and after which all is as it was.
 *
 * What is looked at depends on an execution and on the scenario, and not on which came before.
 */
export class LapFinder {
  readonly #scenario: Scenario;
  readonly #machine: MachineConfig;
  readonly #searching: ScenarioRunner;
  #runner: ScenarioRunner | undefined;
  #director: LapDirector | undefined;
  /** Decisions that make an execution a long one. */
  #long = 0;
  #looks = 0;
  #hasFoundLap = false;

  /** @param searching - of the search: its executions are looked at, and it knows which threads spin in them */
  constructor(scenario: Scenario, machine: MachineConfig, searching: ScenarioRunner) {
    this.#scenario = scenario;
    this.#machine = machine;
    this.#searching = searching;
  }

  /** Whether a lap was found that leads programs in TypeScript on, though nothing else. */
  get hasFoundLap(): boolean {
    return this.#hasFoundLap;
  }

  /**
   * Looks at an execution that found nothing, if it is long. The search's machine may make another run meanwhile.
   *
   * @param length - of its decisions
   */
  lookAt(length: number, decisions: () => Uint32Array): FoundLap | undefined {
    if (length <= SLACK_DECISIONS || length < this.#long || this.#looks >= MOST_LOOKS)
      return undefined;
    const script = decisions();
    if (this.#long === 0) {
      this.#long = this.#measure();
      if (length < this.#long) return undefined;
    }
    this.#looks += 1;
    return this.#look(script);
  }

  /** Gives back the machine on which it looked, if it did: it does so no more. */
  giveBack(): void {
    this.#runner?.giveBack();
  }

  #look(script: Uint32Array): FoundLap | undefined {
    const runner = (this.#runner ??= this.#ownRunner());
    runner.spins!.share(this.#searching.spins!.knowledge);
    const director = (this.#director ??= new LapDirector(runner.machine));
    const found = this.#tryLap(director, script.subarray(0, MOST_DECISIONS), 0);
    const { unfair } = director;
    if (found !== undefined || unfair === undefined) return found;
    // Somebody is kept waiting there. What if everybody went on in turn, from a place in the lap or an early one?
    for (const first of [unfair.start, 0])
      for (let phase = 0; phase < MOST_PHASES; phase++) {
        const beginning = script.subarray(0, first + phase);
        const fair = this.#tryLap(director, beginning, FAIR_DECISIONS);
        if (fair !== undefined) return fair;
      }
    return undefined;
  }

  /** Looks for a lap in a list of decisions and so many that follow, and goes round it. */
  #tryLap(director: LapDirector, script: Uint32Array, more: number): FoundLap | undefined {
    for (let passedOver = 0; passedOver < MOST_LAPS; passedOver++) {
      director.lookAt(script, more, passedOver);
      const found = this.#tryOne(director);
      if (found !== undefined || director.lap === undefined) return found;
    }
    return undefined;
  }

  #tryOne(director: LapDirector): FoundLap | undefined {
    const runner = this.#runner!;
    runner.prepare(director);
    runner.proceed();
    const { lap } = director;
    if (lap === undefined) return undefined;
    const end = lap.start + lap.length;
    const decisions = director.decisions.slice(0, end);
    director.goRound();
    runner.prepare(director);
    runner.proceed({ decisions: end + lap.length * (LAP_ROUNDS + 1) });
    if (director.rounds < LAP_ROUNDS) return undefined;
    this.#hasFoundLap ||= lap.isOfPrograms;
    return {
      finding: {
        kind: 'livelock',
        message:
          `expected every thread to end, got a lap of ${lap.length} decisions that leads back to where ` +
          'it began, in which everybody goes on who can',
        loop: { start: lap.start, length: lap.length },
      },
      decisions,
    };
  }

  /**
   * How long an execution is that nobody interferes with.
   *
   * On the machine of the search: a second one, which most searches never need, would cost it code that was
   * made for one.
   */
  #measure(): number {
    const limits = { decisions: MOST_DECISIONS };
    const { outcome, decisions } = this.#searching.rehearse(new ProfileDirector(), limits);
    return (outcome === 'limit' ? 0 : decisions * 2) + SLACK_DECISIONS;
  }

  #ownRunner(): ScenarioRunner {
    const config = { ...this.#machine, fingerprint: true };
    const runner = new ScenarioRunner(this.#scenario, new ProfileDirector(), config, 'held back');
    runner.spins!.wake();
    return runner;
  }
}
