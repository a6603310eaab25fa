import type { FinalState } from '../litmus/final-state.js';
import { MachinePool } from '../machine-pool.js';
import { litmusOutcome } from '../litmus/litmus-outcome.js';
import type { LkmmTest } from '../lkmm/lkmm-test.js';
import type { LitmusLimits } from '../litmus-search/litmus-search.js';
import type { SearchedModel } from '../litmus-search/litmus-machine.js';
import { createKernelRcu } from './kernel-rcu.js';
import type { LkmmDeadlock, LkmmMisuse } from './lkmm-finding.js';
import { LkmmMachine } from './lkmm-machine.js';
import { lkmmVerdict, type LkmmOutcome } from './lkmm-verdict.js';
import { sampleLkmm } from './lkmm-samples.js';
import { distinctMisuses, joinSeen } from './lkmm-seen.js';
import { searchLkmmStates } from './lkmm-states.js';
import type { SearchedLkmm } from './lkmm-states.js';
import { loadLkmm } from './load-lkmm.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend, RcuFactory } from './rcu-port.js';

/** When a search of a C test gives up. */
export interface LkmmLimits extends LitmusLimits {
  /**
   * How many executions are made besides where the search gives up before its end: so many by PCT, and so many of
   * different classes, or at random where there are none (under `weak`, with an RCU that is not simulated). What they
   * come to is seen as well; where classes come to an end, so does the search. Default 0.
   */
  readonly samples?: number;
  /** Most transitions where states are searched; default 3,000,000, which is the most that is taken. */
  readonly transitions?: number;
}

/** What a search found out about a C test. */
export interface LkmmResult {
  /** Verdict, final states and what is wrong; of an incomplete search, what was reached. */
  readonly outcome: LkmmOutcome;
  /** False when a limit was reached, or the test has no end, before every execution was made. */
  readonly complete: boolean;
  /** Executions, complete or cut at a state seen before; without those of {@link LkmmResult.samples}. */
  readonly executions: number;
  /** Executions that were made besides; fewer than were asked for where one does not end, or where that was all. */
  readonly samples?: number;
  /** Distinct states of the machine. */
  readonly states: number;
}

const DEFAULT_EXECUTIONS = 10_000_000;

/**
 * Runs litmus tests of the C dialect on the machine in every interleaving, one CPU a thread.
 *
 * @example
 * ```ts
 * const search = new LkmmSearch('tso');
 * search.run(parseLkmm(text, 'MP+rcu.litmus')).outcome.verdict; // 'Never'
 * ```
 */
export class LkmmSearch {
  /** The memory model of the machine. */
  readonly model: SearchedModel;
  readonly #rcu: RcuBackend;
  readonly #machines = new Map<number, LkmmMachine>();
  readonly #pool = new MachinePool();

  /** @param rcu - the RCU behind the tests; by default a simple one as a kernel has it */
  constructor(model: SearchedModel, rcu: RcuFactory | RcuBackend = createKernelRcu) {
    this.model = model;
    this.#rcu = typeof rcu === 'function' ? { create: rcu } : rcu;
  }

  /**
   * Finds the complete set of final states of a test, deadlocks and misuses.
   *
   * @throws LitmusError `ERR_LITMUS_MACHINE` when the test does not fit the machine
   */
  run(test: LkmmTest, limits: LkmmLimits = {}): LkmmResult {
    const loaded = loadLkmm(test);
    const searched = this.#search(loaded, limits);
    const { samples = 0 } = limits;
    if (searched.complete || samples === 0) return resultOf(test, searched);
    const place = { memory: this.model, machines: this.#pool };
    const hasClasses = this.#isSimulated(loaded);
    const made = sampleLkmm(loaded, this.#rcu, place, { count: samples, hasClasses });
    const seen = joinSeen(searched.seen, made.seen);
    const { complete, executions } = made;
    return { ...resultOf(test, { ...searched, seen, complete }), samples: executions };
  }

  /** Whether all that its threads share is in simulated memory. */
  #isSimulated({ facts }: LoadedLkmm): boolean {
    // Who may end a section that another began is known to the RCU alone.
    const handsOver = facts.domains.some((domain) => facts.handsOver(domain));
    return this.#rcu.isSimulated === true && !handsOver;
  }

  #search(loaded: LoadedLkmm, limits: LkmmLimits): SearchedLkmm {
    const byStates = this.#searchStates(loaded, limits);
    if (byStates === undefined) return this.#execute(loaded, limits);
    const { isWrong, ...found } = byStates;
    if (!isWrong) return found;
    // Executions tell how that comes, and what the others come to.
    const executed = this.#execute(loaded, limits);
    if (executed.complete) return executed;
    return { ...executed, seen: joinSeen(executed.seen, found.seen) };
  }

  /** Searches states where that is possible; undefined where executions have to be made. */
  #searchStates(
    loaded: LoadedLkmm,
    { transitions = Infinity }: LkmmLimits,
  ): ReturnType<typeof searchLkmmStates> | undefined {
    if (this.model !== 'sc' || !this.#isSimulated(loaded)) return undefined;
    return searchLkmmStates(loaded, this.#rcu, this.#pool, transitions);
  }

  /** Makes every execution. */
  #execute(
    loaded: LoadedLkmm,
    { executions: most = DEFAULT_EXECUTIONS }: LkmmLimits,
  ): SearchedLkmm {
    const machine = this.#machineFor(loaded.functions.length);
    const { search } = machine;
    const ends = new Map<string, FinalState>();
    const misuses = new Map<string, LkmmMisuse>();
    let deadlock: LkmmDeadlock | undefined;
    let executions = 0;
    let complete = true;
    search.begin();
    do {
      if (executions === most) {
        complete = false;
        break;
      }
      executions += 1;
      const execution = machine.execute(loaded);
      if (execution.end === 'endless') complete = false;
      if (execution.state) ends.set(execution.state.join(' '), execution.state);
      deadlock ??= execution.deadlock;
      for (const misuse of execution.misuses) misuses.set(JSON.stringify(misuse), misuse);
    } while (complete && search.advance());
    // Every execution ran in circles: a loop waits for what never comes.
    const isEndless = ends.size === 0 && deadlock === undefined && misuses.size === 0;
    return {
      seen: { reached: ends, misuses: [...misuses.values()], deadlock },
      complete: complete && !isEndless,
      executions,
      states: search.states,
    };
  }

  #machineFor(threads: number): LkmmMachine {
    let machine = this.#machines.get(threads);
    if (machine === undefined) {
      machine = new LkmmMachine(this.model, threads, this.#rcu);
      this.#machines.set(threads, machine);
    }
    return machine;
  }
}

function resultOf(test: LkmmTest, { seen, ...counts }: SearchedLkmm): LkmmResult {
  const { reached, deadlock, misuses } = seen;
  const states = litmusOutcome(test, reached.values());
  return { outcome: lkmmVerdict(states, deadlock, distinctMisuses(misuses)), ...counts };
}
