import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, SyscallNumber, TimedDirector } from '@rseqlab/sim-machine';
import type { Director, MachineConfig, Operation, ThreadBody } from '@rseqlab/sim-machine';
import { BurstDirector } from './burst-director.js';
import type { Density } from './burst-director.js';

const QUANTUM_CYCLES = 64;

/** More than any schedule needs: a run that takes longer goes in circles. */
const DECISIONS_PER_INCREMENT = 100;

/** What a run of per-CPU increments consists of. */
export interface IncrementsOptions {
  /** A power of two. */
  readonly cpus: number;
  readonly threads: number;
  /** Increments a thread. */
  readonly iterations: number;
  /** Schedules drawn at random, or the clocks of the machine with a decision every 64 cycles. */
  readonly density: Density | 'timed';
  /** Whether a thread reaches the section through one `yield*`, or runs it in its own body. */
  readonly layer: boolean;
  /** Increments between two calls of sched_yield; default: no such call. Not with a layer. */
  readonly yieldEvery?: number;
  /** Further configuration of the machine. */
  readonly machine?: MachineConfig;
}

/** What a run came to. */
export interface IncrementsRun {
  /** Instructions executed, as the machine counts them. */
  readonly steps: number;
  readonly decisions: number;
  /** Sum of the counters. */
  readonly sum: number;
}

/** Threads that add 1 to the counter of their CPU, again and again, under one schedule a seed. */
export class Increments {
  /** The machine, the same for all runs. */
  readonly machine: Machine;
  readonly #options: IncrementsOptions;
  readonly #burst: BurstDirector | undefined;
  readonly #director: Director;
  readonly #shared: Shared = { counter: undefined };
  /** The program of all threads of all runs. */
  readonly #body: ThreadBody;

  constructor(options: IncrementsOptions) {
    this.#options = options;
    this.#burst =
      options.density === 'timed' ? undefined : new BurstDirector(options.cpus, options.density);
    this.#director = this.#burst ?? new TimedDirector({ quantumCycles: QUANTUM_CYCLES });
    this.machine = new Machine(
      { cpus: options.cpus, kernel: [rseq()], ...options.machine },
      this.#director,
    );
    const { iterations, layer, yieldEvery } = options;
    this.#body = layer
      ? throughLayer(this.#shared, iterations)
      : yieldEvery === undefined
        ? inBody(this.#shared, iterations)
        : withYields(this.#shared, iterations, yieldEvery);
  }

  /**
   * Makes a run, set-up and look at the result included.
   *
   * @throws Error when not every increment counted
   */
  run(seed: number): IncrementsRun {
    const finish = this.prepare(seed);
    return finish();
  }

  /** Sets a run up; the function that comes back makes it. */
  prepare(seed: number): () => IncrementsRun {
    const { machine } = this;
    const { cpus, threads, iterations } = this.#options;
    machine.reset(this.#director);
    this.#burst?.restart(seed, machine.threads);
    const process = machine.createProcess('bench');
    const counter = PerCpuCounter.create(machine, process);
    this.#shared.counter = counter;
    for (let thread = 0; thread < threads; thread++)
      process.spawn(this.#body, { cpu: thread % cpus });
    return () => {
      const expected = threads * iterations;
      const { steps, decisions, outcome } = machine.run({
        decisions: (expected + threads) * DECISIONS_PER_INCREMENT,
      });
      const sum = counter.sum();
      if (outcome !== 'finished' || sum !== expected)
        throw new Error(`seed ${seed}: expected a sum of ${expected}, got ${sum}, ${outcome}`);
      return { steps, decisions, sum };
    };
  }
}

/** What the threads of a run share. */
interface Shared {
  counter: PerCpuCounter | undefined;
}

function inBody(shared: Shared, iterations: number): ThreadBody {
  return function* increment(thread): Operation<void> {
    const counter = shared.counter!;
    for (let i = 0; i < iterations; i++) if (!counter.tryAdd(thread, 1)) yield;
  };
}

function throughLayer(shared: Shared, iterations: number): ThreadBody {
  return function* increment(thread): Operation<void> {
    const counter = shared.counter!;
    for (let i = 0; i < iterations; i++) yield* counter.add(thread, 1);
  };
}

function withYields(shared: Shared, iterations: number, every: number): ThreadBody {
  return function* increment(thread): Operation<void> {
    const counter = shared.counter!;
    for (let i = 0; i < iterations; i++) {
      if (!counter.tryAdd(thread, 1)) yield;
      if (i % every === 0) yield* thread.syscall(SyscallNumber.sched_yield);
    }
  };
}
