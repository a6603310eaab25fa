import { Machine, SignalNumber } from '@rseqlab/sim-machine';
import type { Director, MachineConfig, RunLimits, RunResult } from '@rseqlab/sim-machine';
import { ExplorerError } from './explorer-error.js';
import type { Finding } from './finding.js';
import { whyBad } from './findings/bad-address.js';
import { hexadecimal } from './findings/shadow-findings.js';
import { isLibraryError, misuse } from './findings/misuse.js';
import { Watcher } from './findings/watcher.js';
import { Lab } from './lab.js';
import type { MachinePool } from './machine-pool.js';
import type { Scenario } from './scenario.js';
import { SpinAwareDirector } from './search/spin/spin-aware-director.js';
import type { InterruptibleDirector } from './search/spin/spin-aware-director.js';
import { SpinLoops } from './search/spin/spin-loops.js';
import { signalName } from './signal-name.js';

/** How one run of a scenario went. */
export interface ScenarioRun {
  /** How the machine stopped, and its counts. */
  readonly result: RunResult;
  /** What was found, first the one that decides. */
  readonly findings: readonly Finding[];
}

/** A scenario is small unless it says otherwise: a run begins with a reset of all of it. */
const SMALL_MACHINE: MachineConfig = { maxThreads: 16, maxProcesses: 4 };

/** Most decisions that it takes to look at a thread that may spin. */
const PROBE_DECISIONS = 40_000;

/** Signals by which programs die of their own mistakes; others come from outside, on purpose. */
const CRASHES: ReadonlySet<number> = new Set([
  SignalNumber.SIGILL,
  SignalNumber.SIGTRAP,
  SignalNumber.SIGABRT,
  SignalNumber.SIGBUS,
  SignalNumber.SIGFPE,
  SignalNumber.SIGSEGV,
  SignalNumber.SIGSYS,
]);

/** Runs a scenario again and again on one machine. */
export class ScenarioRunner {
  /** The machine; the same for all runs. */
  readonly machine: Machine;
  /** Holds back threads that spin; undefined where nobody asked for that. @internal */
  readonly spins: SpinLoops | undefined;
  readonly #scenario: Scenario;
  readonly #pool: MachinePool | undefined;
  readonly #watcher: Watcher | undefined;
  #lab: Lab | undefined;
  /** The last access to an address that was not the thread's to access. */
  #badAddress: { readonly thread: number; readonly address: number } | undefined;

  /**
   * @param director of the first run; later ones must schedule in the same mode
   * @param overrides replaces parts of the scenario's machine
   * @param spinning whether threads that spin are held back until what they read changes; whoever listens
   *   to accesses has to do so by `SpinLoops.listen`
   * @throws MachineError `ERR_CONFIG` when the machine cannot be built
   */
  constructor(
    scenario: Scenario,
    director: Director,
    overrides: MachineConfig = {},
    spinning: 'held back' | 'spin' = 'spin',
  ) {
    this.#scenario = scenario;
    const events = scenario.events === undefined ? {} : { events: scenario.events };
    const shadow = scenario.detect === undefined ? {} : { shadow: scenario.detect.length > 0 };
    const config = { ...SMALL_MACHINE, ...scenario.machine, ...events, ...shadow, ...overrides };
    this.#pool = scenario.machines;
    this.machine = this.#pool?.take(config, director) ?? new Machine(config, director);
    if (spinning === 'held back')
      this.spins = new SpinLoops(this.machine, config.memory === 'weak');
    if (this.machine.shadow !== undefined)
      this.#watcher = new Watcher(this.machine, scenario.detect);
    this.machine.events.on('signal', ({ thread, signal, action }) => {
      if (action === 'default' && CRASHES.has(signal)) this.#crashed(thread, signal);
    });
    this.machine.events.on('fault', ({ thread, address, kind }) => {
      if (kind === 'segv') this.#badAddress = { thread, address };
    });
  }

  /** Gives the machine back to the scenario's pool, if it is from there: it makes no more runs here. */
  giveBack(): void {
    this.#pool?.giveBack(this.machine);
  }

  /** The lab of the last run. */
  get lab(): Lab {
    if (this.#lab === undefined)
      throw new ExplorerError(
        'ERR_SCENARIO',
        'expected a run before its lab was asked for, got none',
      );
    return this.#lab;
  }

  /**
   * Sets the scenario up for a run without running it.
   *
   * @throws ExplorerError `ERR_SCENARIO` when the setup throws; the cause is what it threw
   */
  prepare(director: Director): () => ScenarioRun {
    this.machine.reset(director);
    this.#badAddress = undefined;
    this.#watcher?.reset();
    const lab = new Lab(this.machine, this.#watcher && (() => this.#watcher!.next()));
    this.#lab = lab;
    const state = this.#guard('setup', () => this.#scenario.setup(lab));
    this.#watcher?.begin();
    return () => this.#finish(lab, state);
  }

  /**
   * Makes one run; anew where a thread had to be looked at on the way, to see whether it spins.
   *
   * @throws ExplorerError `ERR_SCENARIO` when the scenario's own code throws
   */
  run(director: InterruptibleDirector, limits: RunLimits = {}): ScenarioRun {
    const by = this.#begin(director, limits);
    for (;;) {
      const run = this.#attemptRun(this.prepare(by));
      if (this.#isSettled(director, limits, run.result)) return run;
    }
  }

  /**
   * Makes one run as {@link run} does, without judging how it ended; one in which a library refuses what a
   * thread does ends there, too.
   *
   * @throws ExplorerError `ERR_SCENARIO` when the scenario's own code throws
   */
  rehearse(director: InterruptibleDirector, limits: RunLimits = {}): RunResult {
    const by = this.#begin(director, limits);
    for (;;) {
      this.prepare(by);
      const { result } = this.#attemptRun(() => ({ result: this.#execute(), findings: [] }));
      if (this.#isSettled(director, limits, result)) return result;
    }
  }

  /** What decides in runs that a director wants, which may stop to look at threads. */
  #begin(director: InterruptibleDirector, limits: RunLimits): Director {
    this.#limits = limits;
    const { spins } = this;
    if (spins === undefined) return director;
    if (this.#aware?.inner !== director) this.#aware = new SpinAwareDirector(director, spins);
    return this.#aware;
  }

  /** Whether a run is what the director wanted; if not it has to be made again. */
  #isSettled(director: InterruptibleDirector, limits: RunLimits, { outcome }: RunResult): boolean {
    const { spins } = this;
    if (spins?.isProbing !== true) return true;
    const hasFailed = this.#lab?.findings.some(({ kind }) => kind === 'assertion') === true;
    const next = spins.settle({ outcome, mayBeLonger: this.#limits === limits, hasFailed });
    if (next === 'settled') return true;
    // Looking at a thread takes decisions which are none of the run's.
    const decisions = (limits.decisions ?? Infinity) + PROBE_DECISIONS;
    this.#limits = next === 'longer' ? { decisions } : limits;
    director.again?.();
    return false;
  }

  /** Makes a run; one in which a program throws to which something was pretended just ends there. */
  #attemptRun(run: () => ScenarioRun): ScenarioRun {
    try {
      return run();
    } catch (error) {
      if (this.spins?.isTrying !== true || !this.spins.isProbing) throw error;
      const { decisions, liveThreads } = this.machine;
      const counts = { steps: 0, cycles: 0, decisions: decisions.length, liveThreads };
      return { result: { outcome: 'stopped', ...counts }, findings: [] };
    }
  }

  #aware: SpinAwareDirector | undefined;

  /**
   * Runs on what was prepared, without judging how it ended: for directors that stop on the way.
   *
   * @throws ExplorerError `ERR_SCENARIO` when the program of a thread throws
   */
  proceed(limits: RunLimits = {}): RunResult {
    return this.attempt(() => this.machine.run(limits));
  }

  /**
   * Does something to the machine in which programs of threads are resumed, without judging what comes of it.
   *
   * @throws ExplorerError `ERR_SCENARIO` when the program of a thread throws; the cause is what it threw
   */
  attempt<Result>(action: () => Result): Result {
    return this.#guard('a thread', action);
  }

  #limits: RunLimits = {};

  #finish(lab: Lab, state: unknown): ScenarioRun {
    const result = this.#execute(lab);
    if (result.outcome === 'finished') {
      this.#guard('check', () => {
        this.#scenario.check?.(state, lab);
      });
      this.#watcher?.end(lab);
    } else if (result.outcome === 'stuck' && this.#scenario.allowBlocked !== true) {
      lab.report({ kind: 'deadlock', message: this.#whoWaits(result.liveThreads) });
    }
    return { result, findings: lab.findings };
  }

  /** Runs; a library that refuses what a thread does ends the run there. @param lab is told of that */
  #execute(lab?: Lab): RunResult {
    const { machine } = this;
    return this.#guard('a thread', () => {
      try {
        return machine.run(this.#limits);
      } catch (error) {
        if (!isLibraryError(error)) throw error;
        const id = machine.activeThread;
        const thread = { id, name: machine.thread(id).name, cpu: machine.threads.cpu[id]! };
        const decisions = machine.decisions.length;
        lab?.report(misuse(error, thread, decisions - 1));
        const { liveThreads } = machine;
        return { outcome: 'stopped', steps: 0, cycles: 0, decisions, liveThreads };
      }
    });
  }

  #whoWaits(count: number): string {
    return `expected every thread to end, got ${count} that can never go on`;
  }

  #crashed(thread: number, signal: number): void {
    const bad = this.#badAddress?.thread === thread ? this.#badAddress.address : undefined;
    const isAccess = signal === SignalNumber.SIGSEGV || signal === SignalNumber.SIGBUS;
    const where =
      bad === undefined || !isAccess
        ? ''
        : ` at address ${hexadecimal(bad)}: ${whyBad(this.machine, thread, bad)}`;
    const { name } = this.machine.thread(thread);
    this.#lab?.report({
      kind: 'crash',
      message: `expected T${thread} ${name} to live, got ${signalName(signal)}${where}`,
      thread,
    });
  }

  #guard<Result>(what: string, action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (
        error instanceof Error &&
        (error.name === 'MachineError' || error.name === 'ExplorerError')
      )
        throw error;
      throw new ExplorerError(
        'ERR_SCENARIO',
        `expected ${what} of scenario "${this.#scenario.name}" not to throw, got ${String(error)}`,
        { cause: error },
      );
    }
  }
}
