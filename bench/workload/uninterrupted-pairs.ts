import { installSections, rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread, ThreadBody } from '@rseqlab/sim-machine';
import { RcuDomain } from '@rseqlab/urcu';
import { BARE_SECTION } from './uninterrupted-adds.js';

/**
 * What a thread does again and again.
 *
 * `bare`: two sections and nothing else. `layer`: the same, each through one `yield*`. `pair`: enters a read
 * section of a per-CPU domain and leaves it.
 */
export type PairMethod = 'bare' | 'layer' | 'pair';

type MakeBody = (machine: Machine, process: Process, word: number, times: number) => ThreadBody;

const BODIES: Readonly<Record<PairMethod, MakeBody>> = {
  bare(machine, _process, word, times) {
    const add = installSections(machine, BARE_SECTION).routine('add');
    return function* bare(t) {
      for (let i = 0; i < times; i++) {
        if (!t.exec(add, word, 1)) yield;
        if (!t.exec(add, word, 1)) yield;
      }
    };
  },
  layer(machine, _process, word, times) {
    const add = installSections(machine, BARE_SECTION).routine('add');
    function* addOne(t: Thread): Operation<void> {
      if (!t.exec(add, word, 1)) yield;
    }
    return function* layer(t) {
      for (let i = 0; i < times; i++) {
        yield* addOne(t);
        yield* addOne(t);
      }
    };
  },
  pair(machine, process, _word, times) {
    const domain = RcuDomain.create(machine, process);
    return function* pair(t) {
      for (let i = 0; i < times; i++) {
        const token = yield* domain.readLock(t);
        yield* domain.readUnlock(t, token);
      }
    };
  },
};

/** One thread, alone on a machine of one CPU. */
export class UninterruptedPairs {
  readonly #machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
  readonly #director = new TimedDirector({ quantumCycles: 2 ** 20, tickCycles: 2 ** 40 });
  readonly #method: PairMethod;

  constructor(method: PairMethod) {
    this.#method = method;
  }

  /**
   * Sets `times` pairs up; the function that comes back makes them and returns the steps they took.
   *
   * @throws Error when a section was aborted
   */
  prepare(times: number): () => number {
    const machine = this.#machine;
    machine.reset(this.#director);
    const process = machine.createProcess('pairs');
    const word = process.allocate(64, 64);
    let aborts = 0;
    machine.events.on('abort', () => (aborts += 1));
    process.spawn(BODIES[this.#method](machine, process, word, times));
    return () => {
      const { steps, outcome } = machine.run();
      if (outcome !== 'finished' || aborts !== 0)
        throw new Error(`expected ${times} pairs without aborts, got ${outcome}, ${aborts} aborts`);
      return steps;
    };
  }
}
