import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import type { Lab } from '../../../../src/lab.js';
import { scenario } from '../../../../src/scenario.js';
import type { Scenario } from '../../../../src/scenario.js';

/** What the threads of a program work with. */
export interface SharedWords {
  /** Address of a word; every word has a cache line of its own. */
  at(word: number): number;
  /** Stops the thread for good: an execution in which it gets here is none that counts. */
  block(t: Thread): Operation<void>;
  readonly lab: Lab;
}

/** A small program whose classes are known. */
export interface WordProgram {
  readonly name: string;
  /** Shared words, numbered from 0 on. */
  readonly words: number;
  /** Words that are not 0 at first. */
  readonly initial?: Readonly<Record<number, number>>;
  /** One thread each, on a CPU of its own. */
  readonly threads: readonly ((t: Thread, shared: SharedWords) => Operation<unknown>)[];
  /** What must hold when all have ended. */
  check?(value: (word: number) => number, lab: Lab): void;
}

/** A program as a scenario without kernel events; executions that block are counted. */
export function scenarioFor(program: WordProgram, memory: MemoryModelName): Scenario {
  const { name, words, initial = {}, threads } = program;
  return scenario({
    name,
    machine: { cpus: threads.length, maxThreads: threads.length, maxProcesses: 1, memory },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup(lab) {
      const base = lab.process.allocate(64 * (words + 1));
      const at = (word: number): number => base + 64 * word;
      for (const [word, value] of Object.entries(initial)) lab.process.write32(at(+word), value);
      const never = at(words);
      const shared: SharedWords = {
        at,
        lab,
        *block(t) {
          yield* t.waitUntilNotEqual(never, 0);
        },
      };
      threads.forEach((body, index) => {
        lab.spawn((t) => body(t, shared), { cpu: index, name: `P${index}` });
      });
      return at;
    },
    check(at, lab) {
      program.check?.((word) => lab.process.read32(at(word)), lab);
    },
  });
}

/** `count` of something, numbered from 0 on. */
export function each<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
