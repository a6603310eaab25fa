import { Machine } from '@rseqlab/sim-machine';
import type { Process, Routine, ThreadBody } from '@rseqlab/sim-machine';
import { LITMUS_ENTRY, compileLitmus, readFinalState } from '../litmus/compile-litmus.js';
import type { CompiledLitmus } from '../litmus/compile-litmus.js';
import type { FinalState } from '../litmus/final-state.js';
import { layoutLocations } from '../litmus/litmus-layout.js';
import type { LitmusTest } from '../litmus/litmus-test.js';
import { REGISTERS_PER_THREAD } from '../litmus/machine-registers.js';
import { ExhaustiveDirector } from '../search/exhaustive-director.js';
import { LitmusDirector } from './litmus-director.js';
import { LitmusFingerprint } from './litmus-fingerprint.js';
import { ReducedDecisions } from './reduced-decisions.js';
import { operationsOf, writesLater } from './visible-operation.js';

/** The memory models that litmus tests can be searched under. */
export const SEARCHED_MODELS = ['sc', 'tso', 'weak'] as const;

/** One of {@link SEARCHED_MODELS}. */
export type SearchedModel = (typeof SEARCHED_MODELS)[number];

/** Where the locations of every test begin: the first address that a process allocates. */
const FIRST_LOCATION = 0x10000000;

const LOCATION_STRIDE_BYTES = 64;

/** Decisions of one execution; only a test with an endless loop makes more. */
const MOST_DECISIONS = 100_000;

const MEMORY_BYTES = 4 * 1024 * 1024;

/** More stores than threads of litmus tests have, so that no buffer is ever full. */
const BUFFERED_STORES = 16;

/** A translated test, with what the reduction needs to know of it. */
export interface LoadedLitmus extends CompiledLitmus {
  /** By thread: a {@link VisibleOperation} for every word of its program. */
  readonly operations: readonly Uint8Array[];
  /** By thread: what {@link writesLater} says of its program. */
  readonly writes: readonly Uint8Array[];
}

/**
 * A machine with one CPU for every thread of a test, which runs tests execution by execution.
 *
 * The kernel injects nothing: what differs between executions is the order of accesses and, under
 * `tso`, when buffered stores reach memory.
 */
export class LitmusMachine {
  /** Goes from execution to execution: all of them, each state once. */
  readonly search: ExhaustiveDirector;
  readonly #director: LitmusDirector;
  readonly #reduction: ReducedDecisions;
  readonly #machine: Machine;
  readonly #captured: Int32Array;

  /** @throws MachineError `ERR_CONFIG` for more threads than a machine has CPUs */
  constructor(model: SearchedModel, threads: number) {
    const none = { low: 0, high: 0, compute: (): void => undefined };
    this.#machine = new Machine(
      {
        cpus: threads,
        memory: model,
        maxThreads: threads,
        maxProcesses: 1,
        memoryBytes: MEMORY_BYTES,
        storeBufferEntries: BUFFERED_STORES,
        events: { preemption: false, migration: false },
        fingerprint: true,
      },
      new ExhaustiveDirector(none),
    );
    this.#captured = new Int32Array(threads * REGISTERS_PER_THREAD);
    this.#reduction = new ReducedDecisions(this.#machine, BUFFERED_STORES, model === 'weak');
    this.search = new ExhaustiveDirector(
      new LitmusFingerprint(this.#machine, this.#captured, this.#reduction),
    );
    this.#director = new LitmusDirector(this.search, this.#reduction);
  }

  /** Translates a test for this machine. */
  load(test: LitmusTest): LoadedLitmus {
    const compiled = compileLitmus(test, layoutLocations(test, FIRST_LOCATION));
    const operations = compiled.threads.map(({ program }) => operationsOf(program));
    const writes = compiled.threads.map(({ program }, n) => writesLater(program, operations[n]!));
    return { ...compiled, operations, writes };
  }

  /**
   * Makes one execution of a test.
   *
   * @returns the final state; `cut` when the execution met a state seen before, `endless` when it
   *   does not end
   */
  execute(loaded: LoadedLitmus): FinalState | 'cut' | 'endless' {
    const machine = this.#machine;
    machine.reset(this.#director);
    this.#captured.fill(0);
    const process = this.#prepare(loaded);
    const { outcome } = machine.run({ decisions: MOST_DECISIONS });
    if (outcome === 'limit') return 'endless';
    if (outcome !== 'finished') return 'cut';
    return readFinalState(loaded, {
      register: (thread, register) => this.#captured[thread * REGISTERS_PER_THREAD + register]!,
      word: (address) => process.read32(address),
    });
  }

  /** Sets memory up and starts the threads; the words are written, so that no access faults. */
  #prepare({ memory, threads, operations, writes }: LoadedLitmus): Process {
    const machine = this.#machine;
    const process = machine.createProcess('litmus');
    process.allocate(Math.max(memory.length, 1) * LOCATION_STRIDE_BYTES);
    for (const { address, word } of memory) process.write32(address, word);
    const installed = threads.map(({ program }) => machine.install(program));
    installed.forEach((code, index) => {
      const first = index * REGISTERS_PER_THREAD;
      const used = threads[index]!.registers.size;
      const body = capturing(
        code.routine(LITMUS_ENTRY),
        this.#captured.subarray(first, first + used),
      );
      process.spawn(body, { cpu: index, name: `P${index}` });
    });
    this.#reduction.load(
      installed.map(({ address }, index) => ({
        address,
        operations: operations[index]!,
        writesLater: writes[index]!,
      })),
    );
    return process;
  }
}

/** A thread that calls a routine, then keeps the first registers before its exit clears them. */
function capturing(routine: Routine, into: Int32Array): ThreadBody {
  return function* litmusThread(t) {
    if (!t.exec(routine)) yield;
    for (let n = 0; n < into.length; n++) into[n] = t.register(n);
  };
}
