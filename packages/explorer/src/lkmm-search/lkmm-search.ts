import type { FinalState } from '../litmus/final-state.js';
import { litmusOutcome } from '../litmus/litmus-outcome.js';
import type { LkmmTest } from '../lkmm/lkmm-test.js';
import type { LitmusLimits } from '../litmus-search/litmus-search.js';
import type { SearchedModel } from '../litmus-search/litmus-machine.js';
import { createKernelRcu } from './kernel-rcu.js';
import type { LkmmDeadlock, LkmmMisuse } from './lkmm-finding.js';
import { LkmmMachine } from './lkmm-machine.js';
import { lkmmVerdict, type LkmmOutcome } from './lkmm-verdict.js';
import { searchLkmmStates } from './lkmm-states.js';
import { loadLkmm } from './load-lkmm.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend, RcuFactory } from './rcu-port.js';

/** When a search of a C test gives up. */
export interface LkmmLimits extends LitmusLimits {
  /** Most transitions where states are searched; default 3,000,000, which is the most that is taken. */
  readonly transitions?: number;
}

/** What a search found out about a C test. */
export interface LkmmResult {
  /** Verdict, final states and what is wrong; of an incomplete search, what was reached. */
  readonly outcome: LkmmOutcome;
  /** False when a limit was reached, or the test has no end, before every execution was made. */
  readonly complete: boolean;
  /** Executions, complete or cut at a state seen before. */
  readonly executions: number;
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
    const byStates = this.#runByStates(loaded, limits);
    if (byStates !== undefined) return byStates;
    const machine = this.#machineFor(test.threads.length);
    const { search } = machine;
    const most = limits.executions ?? DEFAULT_EXECUTIONS;
    const reached = new Map<string, FinalState>();
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
      if (execution.state) reached.set(execution.state.join(' '), execution.state);
      deadlock ??= execution.deadlock;
      for (const misuse of execution.misuses) misuses.set(JSON.stringify(misuse), misuse);
    } while (complete && search.advance());
    const states = litmusOutcome(test, reached.values());
    const outcome = lkmmVerdict(states, deadlock, [...misuses.values()]);
    // Every execution ran in circles: a loop waits for what never comes.
    const isEndless = reached.size === 0 && deadlock === undefined && misuses.size === 0;
    return { outcome, complete: complete && !isEndless, executions, states: search.states };
  }

  /** Searches states where that is possible; undefined where executions have to be made. */
  #runByStates(loaded: LoadedLkmm, { transitions = Infinity }: LkmmLimits): LkmmResult | undefined {
    // Who may end a section that another began is known to the RCU alone.
    const handsOver = loaded.facts.domains.some((domain) => loaded.facts.handsOver(domain));
    if (this.#rcu.isSimulated !== true || this.model !== 'sc' || handsOver) return undefined;
    const found = searchLkmmStates(loaded, this.#rcu, transitions);
    if (found === undefined) return undefined;
    const { reached, ...counts } = found;
    const outcome = lkmmVerdict(litmusOutcome(loaded.test, reached.values()), undefined, []);
    return { outcome, ...counts };
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
