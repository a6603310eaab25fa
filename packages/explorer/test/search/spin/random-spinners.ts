import fc from 'fast-check';
import { emitSection, rseq } from '@rseqlab/rseq-runtime';
import { ProgramBuilder, Registers, schedYield } from '@rseqlab/sim-machine';
import type { MemoryModelName, Operation, Program, Thread } from '@rseqlab/sim-machine';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';

/** Shared words, one in a line of its own each. */
const WORDS = 3;
const STRIDE = 64;

const { r0, r1, r2, r3 } = Registers;

/** Stores word A, plus 1, to word B: in a section that begins again where it is aborted. */
const SECTION: Program = (() => {
  const builder = new ProgramBuilder('a section').label('run');
  emitSection(builder, {
    name: 'copies',
    body: (section) => {
      section.ld32(r0, r1, 0).addi(r0, r0, 1).st32(r0, r2, 0);
    },
    aborted: 'run',
  });
  return builder.ret().build();
})();

/** Spins on instructions, reading two words a round of which it keeps only one, until that is set. */
const LOOP: Program = new ProgramBuilder('instructions that spin')
  .label('run')
  .li(r3, 0)
  .label('again')
  .ld32(r0, r2, 0)
  .ld32(r0, r1, 0)
  .beq(r0, r3, 'again')
  .ret()
  .build();

/** What a thread does with words A and B, which differ. */
const STATEMENTS = {
  *sets(t, a) {
    yield* t.store(a, 1);
  },
  *clears(t, a) {
    yield* t.store(a, 0);
  },
  *adds(t, a) {
    yield* t.fetchAdd(a, 1);
  },
  *copies(t, a, b) {
    yield* t.store(b, yield* t.load(a));
  },
  *waits(t, a) {
    while ((yield* t.load(a)) === 0);
  },
  *waitsForBoth(t, a, b) {
    for (;;) {
      const first = yield* t.load(a);
      const second = yield* t.load(b);
      if (first !== 0 && second !== 0) return;
    }
  },
  *waitsForEither(t, a, b) {
    while ((yield* t.load(a)) === 0 && (yield* t.load(b)) === 0);
  },
  *waitsForAll(t, a, b, c) {
    let sum: number;
    do sum = (yield* t.load(a)) * (yield* t.load(b)) * (yield* t.load(c));
    while (sum === 0);
  },
  *looksTwice(t, a, b) {
    while ((yield* t.load(a)) === 0 || (yield* t.load(a)) === 0 || (yield* t.load(b)) === 0);
  },
  *waitsForChange(t, a) {
    const old = yield* t.load(a);
    while ((yield* t.load(a)) === old);
  },
  *waitsForOwn(t, a) {
    yield* t.store(a, 2);
    while ((yield* t.load(a)) === 2);
  },
  *waitsWithFence(t, a, b) {
    while ((yield* t.load(a)) === 0) {
      yield* t.fence();
      if ((yield* t.load(b)) === 2) return;
    }
  },
  *handsOn(t, a, b) {
    while ((yield* t.load(a)) === 0);
    yield* t.store(b, 1);
  },
  *locks(t, a) {
    while ((yield* t.exchange(a, 1)) !== 0);
  },
  *yields(t, a) {
    while ((yield* t.load(a)) === 0) yield* schedYield(t);
  },
  *yieldsForBoth(t, a, b) {
    for (;;) {
      const first = yield* t.load(a);
      if (first === 0) yield* schedYield(t);
      const second = yield* t.load(b);
      if (first !== 0 && second !== 0) return;
    }
  },
  *locksPolitely(t, a) {
    while ((yield* t.exchange(a, 1)) !== 0) yield* schedYield(t);
  },
  *handsOnPolitely(t, a, b) {
    while ((yield* t.load(a)) === 0) yield* schedYield(t);
    yield* t.store(b, 1);
  },
  *exchangesWithFence(t, a, b) {
    while ((yield* t.exchange(a, 1)) !== 0) {
      yield* t.fence();
      if ((yield* t.load(b)) !== 0) return;
    }
  },
  *takes(t, a, b) {
    while ((yield* t.compareExchange(a, 1, 2)) !== 1) if ((yield* t.load(b)) === 2) return;
  },
} satisfies Record<string, (t: Thread, a: number, b: number, c: number) => Operation<void>>;

type Statement = keyof typeof STATEMENTS | 'loops' | 'copiesInSection';

/** A statement and the word that is its first one; the others follow. */
type Step = readonly [Statement, number];

/** A small program of threads that spin, and what the kernel may do. */
export interface RandomSpinners {
  readonly memory: MemoryModelName;
  /** CPUs; with fewer than threads, threads take turns. */
  readonly cpus: number;
  /** Whether threads are preempted, and then sections aborted. */
  readonly isPreempted: boolean;
  readonly threads: readonly (readonly Step[])[];
}

/** Its executions end, or are blocked where threads spin for ever. */
export function scenarioOfSpinners(program: RandomSpinners): Scenario {
  const { memory, cpus, isPreempted, threads } = program;
  const usesSections = threads.flat().some(([statement]) => statement === 'copiesInSection');
  return scenario({
    name: 'random spinners',
    machine: {
      cpus,
      memory,
      kernel: usesSections ? [rseq()] : [],
      maxThreads: threads.length,
      maxProcesses: 1,
      memoryBytes: 2 ** 22,
    },
    events: { preemption: isPreempted, migration: false },
    allowBlocked: true,
    setup(lab) {
      const shared = lab.process.allocate(WORDS * STRIDE);
      const words = Array.from({ length: WORDS }, (_, n) => shared + n * STRIDE);
      const routines = {
        loops: lab.machine.install(LOOP).routine('run'),
        copiesInSection: lab.machine.install(SECTION).routine('run'),
      };
      threads.forEach((steps, index) => {
        lab.spawn(
          function* spinner(t) {
            for (const [statement, first] of steps) {
              const at = (n: number): number => words[(first + n) % WORDS]!;
              if (statement === 'loops' || statement === 'copiesInSection')
                yield* t.call(routines[statement], at(0), at(1));
              else yield* STATEMENTS[statement](t, at(0), at(1), at(2));
            }
          },
          { cpu: index % cpus },
        );
      });
    },
  });
}

const step = (statements: readonly Statement[]): fc.Arbitrary<Step> =>
  fc.tuple(fc.constantFrom(...statements), fc.nat(WORDS - 1));

const NAMES = Object.keys(STATEMENTS) as (keyof typeof STATEMENTS)[];
/** Rounds in which a thread lets others of its CPU go first. */
const POLITE: readonly Statement[] = [
  'yields',
  'yieldsForBoth',
  'locksPolitely',
  'handsOnPolitely',
];
const CHANGES: readonly Statement[] = ['sets', 'clears', 'adds', 'handsOn', 'copies'];

/** A thread that changes words, and two or one that may spin. */
const threadsOf = (statements: readonly Statement[]): fc.Arbitrary<readonly Step[][]> =>
  fc
    .tuple(
      fc.array(step(CHANGES), { minLength: 1, maxLength: 3 }),
      fc.array(fc.array(step(statements), { minLength: 1, maxLength: 2 }), {
        minLength: 1,
        maxLength: 2,
      }),
      fc.nat(2),
    )
    .map(([changes, others, at]) => [...others.slice(0, at), changes, ...others.slice(at)]);

/** Random small programs, by what the kernel does to them. */
export const RANDOM_SPINNERS: Readonly<Record<string, fc.Arbitrary<RandomSpinners>>> = {
  'each on a CPU': threadsOf([...NAMES, 'loops']).chain((threads) =>
    fc.record({
      memory: fc.constantFrom<MemoryModelName>('sc', 'tso'),
      cpus: fc.constant(threads.length),
      isPreempted: fc.constant(false),
      threads: fc.constant(threads),
    }),
  ),
  'that yield': threadsOf([...POLITE, ...POLITE, 'waits', 'handsOn', 'loops']).chain((threads) =>
    fc.record({
      memory: fc.constantFrom<MemoryModelName>('sc', 'tso'),
      cpus: fc.integer({ min: 1, max: threads.length }),
      isPreempted: fc.boolean(),
      threads: fc.constant(threads),
    }),
  ),
  'that are preempted': threadsOf([...NAMES, 'loops', 'copiesInSection']).chain((threads) =>
    fc.record({
      memory: fc.constantFrom<MemoryModelName>('sc', 'tso'),
      cpus: fc.integer({ min: 1, max: threads.length - 1 }),
      isPreempted: fc.constant(true),
      threads: fc.constant(threads),
    }),
  ),
};
