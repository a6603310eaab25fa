import { RSEQ_OFFSET, emitSection, rseq } from '@rseqlab/rseq-runtime';
import type { RseqOptions } from '@rseqlab/rseq-runtime';
import { ProgramBuilder, Registers, schedYield } from '@rseqlab/sim-machine';
import type { Operation, Program, Thread } from '@rseqlab/sim-machine';
import fc from 'fast-check';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';

/** Offset of `flags` in a thread's rseq area. */
const RSEQ_FLAGS = 16;

/** A place in memory: one of two words that all share, or one of two of the thread's own. */
type Place = readonly ['shared' | 'own', 0 | 1];

/** What a thread does next. */
type Action =
  | { readonly does: 'load' | 'store' | 'add'; readonly at: Place }
  | { readonly does: 'yield' }
  /** A section: loads, stores on the way, and a committing store of what it loaded, plus 1. */
  | { readonly does: 'section'; readonly body: readonly Access[]; readonly commits: Place };

interface Access {
  readonly does: 'load' | 'store';
  readonly at: Place;
}

/** Threads, by what they do. */
export interface RandomProgram {
  readonly threads: readonly (readonly Action[])[];
  readonly cpus: number;
  /** The value of the first shared word that is asked for in the end. */
  readonly expected: number;
}

const place: fc.Arbitrary<Place> = fc.tuple(
  fc.constantFrom('shared' as const, 'own' as const),
  fc.constantFrom(0 as const, 1 as const),
);

const access: fc.Arbitrary<Access> = fc.record({
  does: fc.constantFrom('load' as const, 'store' as const),
  at: place,
});

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom('load' as const, 'store' as const, 'add' as const),
      at: place,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'yield' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('section' as const),
      body: fc.array(access, { maxLength: 3 }),
      commits: place,
    }),
  },
);

/** Programs of two or three threads, with sections. */
export const randomPrograms: fc.Arbitrary<RandomProgram> = fc.record({
  threads: fc.oneof(
    fc.tuple(
      fc.array(action, { minLength: 1, maxLength: 3 }),
      fc.array(action, { minLength: 1, maxLength: 3 }),
    ),
    fc.tuple(...[1, 2, 3].map(() => fc.array(action, { minLength: 1, maxLength: 1 }))),
  ),
  cpus: fc.constantFrom(1, 2),
  expected: fc.nat(2),
});

const { r0, r1, r2, r3 } = Registers;
const WORD = { shared: { base: r1, stride: 64 }, own: { base: r2, stride: 8 } } as const;

/** section(r1: shared words, r2: own words): r0 is 0 once committed, 1 after an abort. */
function sectionProgram(body: readonly Access[], [where, index]: Place): Program {
  const builder = new ProgramBuilder('a random section').label('run').li(r3, 0);
  emitSection(builder, {
    name: 'random',
    body: (section) => {
      for (const { does, at } of body) {
        const { base, stride } = WORD[at[0]];
        if (does === 'load') section.ld32(r3, base, at[1] * stride);
        else section.st32(r3, base, at[1] * stride);
      }
      section.addi(r3, r3, 1).st32(r3, WORD[where].base, index * WORD[where].stride);
    },
    aborted: 'aborted',
  });
  return builder.li(r0, 0).ret().label('aborted').li(r0, 1).ret().build();
}

function* act(t: Thread, one: Action, shared: number, own: number, programs: Programs) {
  if (one.does === 'yield') return yield* schedYield(t);
  if (one.does === 'section') {
    const aborted = yield* t.call(programs.get(one)!, shared, own);
    return yield* t.store(own + 16, aborted + 2);
  }
  const address = one.at[0] === 'shared' ? shared + 64 * one.at[1] : own + 8 * one.at[1];
  if (one.does === 'load') return yield* t.store(own + 24, yield* t.load(address));
  if (one.does === 'store') return yield* t.store(address, t.id + 5);
  return yield* t.fetchAdd(address, 1);
}

type Routine = Parameters<Thread['call']>[0];
type Programs = ReadonlyMap<Action, Routine>;

/**
 * The scenario of a program; the memory that it may end with goes to `ends`.
 *
 * @param flags - what threads store in the flags of their rseq areas before all else
 */
export function scenarioOf(
  { threads, cpus, expected }: RandomProgram,
  kernel: RseqOptions,
  ends: Set<string>,
  flags = 0,
): Scenario {
  const assembled = new Map(
    threads.flat().flatMap((one) => {
      if (one.does !== 'section') return [];
      return [[one, sectionProgram(one.body, one.commits)] as const];
    }),
  );
  return scenario({
    name: 'a random program',
    machine: {
      cpus,
      maxThreads: threads.length,
      maxProcesses: 1,
      memoryBytes: 2 ** 22,
      kernel: [rseq(kernel)],
    },
    setup(lab) {
      const shared = lab.process.allocate(128);
      const programs = new Map(
        [...assembled].map(([one, program]) => [one, lab.machine.install(program).routine('run')]),
      );
      const own = threads.map(() => lab.process.allocate(64));
      threads.forEach((actions, n) => {
        lab.spawn(function* body(t): Operation<void> {
          if (flags !== 0) yield* t.store(t.threadPointer + RSEQ_OFFSET + RSEQ_FLAGS, flags);
          for (const one of actions) yield* act(t, one, shared, own[n]!, programs);
        });
      });
      return [shared, shared + 64, ...own.flatMap((at) => [at, at + 8, at + 16, at + 24])];
    },
    check(addresses, lab) {
      const words = addresses.map((address) => lab.process.read32(address));
      ends.add(words.join());
      if (expected > 0) lab.expect(words[0] !== expected, 'the first word to be another');
    },
  });
}
