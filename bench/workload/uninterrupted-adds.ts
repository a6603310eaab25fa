import {
  currentIndex,
  emitSection,
  installSections,
  PerCpuPrimitives,
  PrimitiveOutcome,
  rseq,
} from '@rseqlab/rseq-runtime';
import { Machine, ProgramBuilder, Registers, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread, ThreadBody } from '@rseqlab/sim-machine';

const { r1, r2, r8 } = Registers;

/** The least that adds to a word in a section, from `add` on: r1 is its address, r2 what to add. */
export const BARE_SECTION = emitSection(new ProgramBuilder('bare section').label('add'), {
  name: 'cs',
  body: (section) => section.ld32(r8, r1).add(r8, r8, r2).st32(r8, r1),
  aborted: 'add',
})
  .ret()
  .build();

/**
 * How a thread adds to a word of its CPU.
 *
 * `bare`: by the section and nothing else. `layer`: the same through one `yield*`. `start`: by the primitive `addv`, the fast way. `run`: by its
 * operation, through one `yield*`. `indexed`: the same after reading the CPU number, as callers do.
 */
export type AddMethod = 'bare' | 'layer' | 'start' | 'run' | 'indexed';

type MakeBody = (machine: Machine, process: Process, word: number, times: number) => ThreadBody;

const BODIES: Readonly<Record<AddMethod, MakeBody>> = {
  bare(machine, _process, word, times) {
    const add = installSections(machine, BARE_SECTION).routine('add');
    return function* bare(t) {
      for (let i = 0; i < times; i++) if (!t.exec(add, word, 1)) yield;
    };
  },
  layer(machine, _process, word, times) {
    const add = installSections(machine, BARE_SECTION).routine('add');
    function* addOne(t: Thread): Operation<void> {
      if (!t.exec(add, word, 1)) yield;
    }
    return function* layer(t) {
      for (let i = 0; i < times; i++) yield* addOne(t);
    };
  },
  start(machine, process, word, times) {
    const { addv } = PerCpuPrimitives.create(machine, process);
    return function* start(t) {
      for (let committed = 0; committed < times;) {
        if (!addv.start(t, word, 1, 0)) yield;
        if (t.result === PrimitiveOutcome.Committed) committed += 1;
      }
    };
  },
  run(machine, process, word, times) {
    const { addv } = PerCpuPrimitives.create(machine, process);
    return function* run(t) {
      for (let committed = 0; committed < times;) {
        const { outcome } = yield* addv.run(t, word, 1, 0);
        if (outcome === PrimitiveOutcome.Committed) committed += 1;
      }
    };
  },
  indexed(machine, process, word, times) {
    const { addv } = PerCpuPrimitives.create(machine, process);
    return function* indexed(t) {
      for (let committed = 0; committed < times;) {
        const cpu = yield* currentIndex(t, 'cpu_id');
        const { outcome } = yield* addv.run(t, word, 1, cpu);
        if (outcome === PrimitiveOutcome.Committed) committed += 1;
      }
    };
  },
};

/** One thread, alone on a machine of one CPU, that adds 1 to a word again and again. */
export class UninterruptedAdds {
  readonly #machine: Machine;
  readonly #director = new TimedDirector({ quantumCycles: 2 ** 20, tickCycles: 2 ** 40 });
  readonly #method: AddMethod;

  constructor(method: AddMethod) {
    this.#method = method;
    this.#machine = new Machine({ cpus: 1, kernel: [rseq()] }, this.#director);
  }

  /**
   * Sets `times` adds up; the function that comes back makes them and returns the steps they took.
   *
   * @throws Error when the word is not `times` afterwards, or an add was aborted
   */
  prepare(times: number): () => number {
    const machine = this.#machine;
    machine.reset(this.#director);
    const process = machine.createProcess('adds');
    const word = process.allocate(64, 64);
    let aborts = 0;
    machine.events.on('abort', () => (aborts += 1));
    process.spawn(BODIES[this.#method](machine, process, word, times));
    return () => {
      const { steps } = machine.run();
      const sum = process.read32(word);
      if (sum !== times || aborts !== 0)
        throw new Error(`expected a sum of ${times} without aborts, got ${sum} and ${aborts}`);
      return steps;
    };
  }
}
