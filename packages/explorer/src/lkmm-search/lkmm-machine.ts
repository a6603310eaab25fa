import { Machine, endedOperation } from '@rseqlab/sim-machine';
import type { MemoryModelName, Operation, Process } from '@rseqlab/sim-machine';
import type { FinalState } from '../litmus/final-state.js';
import { VARIABLES_PER_FUNCTION } from '../lkmm/compile-function.js';
import { LitmusDirector } from '../litmus-search/litmus-director.js';
import { LitmusFingerprint } from '../litmus-search/litmus-fingerprint.js';
import { ExhaustiveDirector } from '../search/exhaustive-director.js';
import { NO_FOOTPRINT, joinFootprints } from './footprint.js';
import { finalStateOf, observedRegisters } from './lkmm-final-state.js';
import { LkmmKernel } from './lkmm-kernel.js';
import type { LkmmDeadlock, LkmmMisuse } from './lkmm-finding.js';
import { LKMM_EVENTS, lkmmMachineConfig } from './lkmm-machine-config.js';
import { LkmmReduction } from './lkmm-reduction.js';
import { lkmmThread } from './lkmm-thread.js';
import type { LoadedLkmm } from './load-lkmm.js';
import type { RcuBackend } from './rcu-port.js';

/** Decisions of one execution; only a test with an endless loop makes more. */
const MOST_DECISIONS = 100_000;

/** Nothing is left to be done. */
const DONE: Operation<void> = endedOperation(undefined);

/** How one execution went. */
export interface LkmmExecution {
  /**
   * `ended` with a final state; `astray` at a pointer that leads nowhere; `cut` where it met a state
   * seen before; `endless` where it does not end.
   */
  readonly end: 'ended' | 'deadlocked' | 'astray' | 'cut' | 'endless';
  readonly state?: FinalState;
  readonly deadlock?: LkmmDeadlock;
  readonly misuses: readonly LkmmMisuse[];
}

/** A machine with one CPU for every thread of a test, which runs C tests execution by execution. */
export class LkmmMachine {
  /** Goes from execution to execution: all of them, each state once. */
  readonly search: ExhaustiveDirector;
  readonly #director: LitmusDirector;
  readonly #reduction: LkmmReduction;
  readonly #machine: Machine;
  readonly #captured: Int32Array;
  readonly #rcu: RcuBackend;
  #astray = false;

  /** @throws MachineError `ERR_CONFIG` for more threads than a machine has CPUs */
  constructor(model: MemoryModelName, threads: number, rcu: RcuBackend) {
    const none = { low: 0, high: 0, compute: (): void => undefined };
    this.#machine = new Machine(
      { ...lkmmMachineConfig(model, threads, rcu), events: LKMM_EVENTS, fingerprint: true },
      new ExhaustiveDirector(none),
    );
    this.#rcu = rcu;
    this.#captured = new Int32Array(threads * VARIABLES_PER_FUNCTION);
    this.#reduction = new LkmmReduction(this.#machine, model);
    this.search = new ExhaustiveDirector(
      new LitmusFingerprint(this.#machine, this.#captured, this.#reduction),
    );
    this.#director = new LitmusDirector(this.search, this.#reduction);
  }

  /** Makes one execution of a test. */
  execute(loaded: LoadedLkmm): LkmmExecution {
    const machine = this.#machine;
    machine.reset(this.#director);
    this.#captured.fill(0);
    this.#astray = false;
    const process = machine.createProcess('litmus');
    const kernel = this.#prepare(loaded, process);
    const { outcome } = machine.run({ decisions: MOST_DECISIONS });
    const { misuses } = kernel;
    if (outcome === 'limit') return { end: 'endless', misuses };
    if (outcome === 'finished')
      return this.#astray
        ? { end: 'astray', misuses }
        : { end: 'ended', state: this.#finalState(loaded, process), misuses };
    if (outcome !== 'stuck' || this.search.cut) return { end: 'cut', misuses };
    return { end: 'deadlocked', deadlock: kernel.deadlock(), misuses };
  }

  /** Sets memory up and starts the threads; the words are written, so that no access faults. */
  #prepare(loaded: LoadedLkmm, process: Process): LkmmKernel {
    const machine = this.#machine;
    process.allocate(loaded.locationBytes);
    for (const { address, word } of loaded.memory) process.write32(address, word);
    const kernel = new LkmmKernel({
      machine,
      process,
      facts: loaded.facts,
      createRcu: this.#rcu.create,
    });
    const { functions, resources } = loaded;
    const footprints = loaded.footprints[kernel.readersAreApart ? 'apart' : 'together'];
    functions.forEach((code, thread) => {
      const observed = observedRegisters(loaded, thread);
      const first = thread * VARIABLES_PER_FUNCTION;
      const installed = machine.install(code.program);
      const { calls, behind } = footprints[thread]!;
      const body = lkmmThread({
        code,
        installed,
        kernel,
        observed,
        ...(kernel.begin && { begin: kernel.begin }),
        finish: (_t, values) => {
          this.#captured.set(values, first);
          return DONE;
        },
        left: (exit) => {
          const call = calls[exit]!;
          this.#reduction.reached(thread, { call, future: joinFootprints(call, behind[exit]!) });
        },
        wentOn: (exit) => {
          this.#reduction.reached(thread, { call: NO_FOOTPRINT, future: behind[exit]! });
        },
        began: () => {
          this.#reduction.began(thread);
        },
        wentAstray: () => {
          this.#astray = true;
        },
      });
      process.spawn(body, { cpu: thread, name: `P${thread}` });
    });
    this.#reduction.load(machine, functions.length, {
      resources: resources.fit ? resources : undefined,
      begins: kernel.begin !== undefined,
    });
    footprints.forEach(({ all }, thread) => {
      this.#reduction.reached(thread, { call: NO_FOOTPRINT, future: all });
    });
    return kernel;
  }

  #finalState(loaded: LoadedLkmm, process: Process): FinalState {
    return finalStateOf(
      loaded,
      (address) => process.read32(address),
      (thread, index) => this.#captured[thread * VARIABLES_PER_FUNCTION + index]!,
    );
  }
}
