import { Machine, SyscallNumber, sigaction } from '@rseqlab/sim-machine';
import type { MemoryModelName, Operation, Process, Thread } from '@rseqlab/sim-machine';
import {
  RSEQ_FLAG_UNREGISTER,
  RSEQ_OFFSET,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  rseq,
} from '@rseqlab/rseq-runtime';
import { INJECTED_SIGNAL, VICTIM } from '../inject/injection.js';
import type { Injection } from '../inject/injection.js';
import { SectionWatch } from '../inject/section-watch.js';
import { StressDirector } from '../inject/stress-director.js';
import type { InjectionPlan } from '../inject/stress-director.js';
import type { StressInstance, StressStructure } from '../structures/stress-structure.js';

/** How much stress. */
export interface StressOptions extends InjectionPlan {
  readonly cpus: number;
  readonly threads: number;
  /** How many of the threads have rseq not registered; they add to a word of their own, atomically. */
  readonly unregistered: number;
  readonly iterations: number;
  readonly memory: MemoryModelName;
  /** False for a kernel that never aborts a section. */
  readonly aborts: boolean;
}

/** What came of it. */
export interface StressResult {
  readonly structure: string;
  readonly seed: number;
  /** What is wrong; undefined when nothing is. */
  readonly fault: string | undefined;
  readonly decisions: number;
  readonly aborts: number;
  /** How often signal handlers ran. */
  readonly handled: number;
  readonly killed: boolean;
  /** How often each injection was carried out at each point; the index is the point. */
  readonly injected: ReadonlyMap<Injection, readonly number[]>;
}

const DECISIONS_AN_ITERATION = 5_000;

/** Puts a structure under stress once. */
export function stress(structure: StressStructure, options: StressOptions): StressResult {
  const director = new StressDirector(options);
  const kills = options.kinds.includes('kill');
  const machine = new Machine(
    {
      cpus: options.cpus,
      memory: options.memory,
      maxThreads: 2 * options.threads + 2,
      maxProcesses: 2,
      memoryBytes: 2 ** 22,
      kernel: [rseq({ aborts: options.aborts })],
      events: {
        signals: options.kinds.includes('signal') ? [INJECTED_SIGNAL] : [],
        pageFaults: options.kinds.includes('sleep'),
        kills: kills ? [VICTIM] : [],
      },
    },
    director,
  );
  let aborts = 0;
  machine.events.on('abort', () => (aborts += 1));
  const main = new StressedProcess(machine, 'main', structure, options);
  const victim = kills ? new StressedProcess(machine, VICTIM, structure, options) : undefined;
  const stressed = victim === undefined ? [main] : [main, victim];
  director.observe(
    machine,
    new SectionWatch(
      machine,
      stressed.map(({ process }) => process),
    ),
  );
  const limit = DECISIONS_AN_ITERATION * options.threads * stressed.length * options.iterations;
  const { outcome, decisions } = machine.run({ decisions: limit });
  const killed = victim !== undefined && victim.process.exitStatus !== 0;
  const fault =
    outcome === 'finished'
      ? (main.fault() ?? (killed ? undefined : victim?.fault()))
      : `expected the run to finish, got ${outcome} after ${decisions} decisions`;
  const { name } = structure;
  const handled = main.handled;
  const { injected } = director;
  return {
    structure: name,
    seed: options.seed,
    fault,
    decisions,
    aborts,
    handled,
    killed,
    injected,
  };
}

/** A process whose threads use a structure. */
class StressedProcess {
  readonly process: Process;
  readonly #instance: StressInstance;
  readonly #shared: number;
  readonly #atomicAdds: number;

  constructor(machine: Machine, name: string, structure: StressStructure, options: StressOptions) {
    const { threads, unregistered, iterations } = options;
    this.process = machine.createProcess(name);
    this.#instance = structure.create(machine, this.process);
    this.#shared = this.process.allocate(8);
    this.#atomicAdds = unregistered * iterations;
    for (let i = 0; i < threads; i++) {
      const body = i < unregistered ? this.#unregistered(iterations) : this.#registered(iterations);
      this.process.spawn(body, { name: i < unregistered ? 'unregistered' : 'registered' });
    }
    const { manage } = this.#instance;
    if (manage !== undefined) this.process.spawn(manage, { name: 'manager' });
  }

  /** How often the handlers of its threads ran. */
  get handled(): number {
    return this.process.read32(this.#shared + 4);
  }

  /** What is wrong, after the run. */
  fault(): string | undefined {
    if (this.process.exitStatus !== 0)
      return `expected the process to end well, got status ${this.process.exitStatus}`;
    const atomic = this.process.read32(this.#shared);
    if (atomic !== this.#atomicAdds)
      return `expected ${this.#atomicAdds} atomic adds, got ${atomic}`;
    return this.#instance.fault();
  }

  #registered(iterations: number): (t: Thread) => Operation<void> {
    const [instance, handledAt] = [this.#instance, this.#shared + 4];
    return function* registered(t) {
      yield* sigaction(t, INJECTED_SIGNAL, function* count(self) {
        yield* self.fetchAdd(handledAt, 1);
      });
      for (let i = 0; i < iterations; i++) yield* instance.operate(t);
    };
  }

  #unregistered(iterations: number): (t: Thread) => Operation<void> {
    const word = this.#shared;
    return function* unregistered(t) {
      const area = t.threadPointer + RSEQ_OFFSET;
      const [size, flag] = [RSEQ_ORIGINAL_SIZE, RSEQ_FLAG_UNREGISTER];
      yield* t.syscall(SyscallNumber.rseq, area, size, flag, RSEQ_SIGNATURE);
      for (let i = 0; i < iterations; i++) yield* t.fetchAdd(word, 1);
    };
  }
}
