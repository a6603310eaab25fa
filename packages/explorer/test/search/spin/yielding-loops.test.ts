import { emitSection, rseq } from '@rseqlab/rseq-runtime';
import {
  ProgramBuilder,
  Registers,
  SyscallNumber,
  futexWait,
  futexWake,
  gettid,
  schedYield,
} from '@rseqlab/sim-machine';
import type { MemoryModelName, Program, SpawnOptions } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../src/scenario.js';
import type { Scenario, ScenarioDefinition } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import type { SearchName } from '../../../src/search/strategies.js';
import type { Part } from '../../findings/programs.js';
import { everyInterleaving } from '../stateless/every-interleaving.js';
import { stores } from './spinning-programs.js';

const { r0, r1, r3 } = Registers;

const SEARCHES: readonly SearchName[] = ['graphs', 'classes', 'states', 'random', 'pct', 'walk'];
const SAMPLED: readonly SearchName[] = ['random', 'pct', 'walk'];

/** Waits for a word to be set, and lets others go first meanwhile. */
const yieldsFor = (word: number): Part =>
  function* polite(t, words) {
    while ((yield* t.load(words[word]!)) === 0) yield* schedYield(t);
  };

/** Waits for the first word, and then sets the second. */
const handsOn: Part = function* next(t, [first, second]) {
  while ((yield* t.load(first!)) === 0) yield* schedYield(t);
  yield* t.store(second!, 1);
};

/** Takes test-and-set locks, counts, and gives them back. */
const locks = (...held: readonly number[]): Part =>
  function* locker(t, words) {
    for (const lock of held)
      while ((yield* t.exchange(words[lock]!, 1)) !== 0) yield* schedYield(t);
    yield* t.store(words[3]!, (yield* t.load(words[3]!)) + 1);
    for (const lock of held) yield* t.storeRelease(words[lock]!, 0);
  };

/** Threads on so many CPUs, in turns. */
function onCpus(
  cpus: number,
  parts: readonly (Part | readonly [Part, SpawnOptions])[],
  options: Partial<ScenarioDefinition<unknown>> = {},
): Scenario {
  return scenario<unknown>({
    name: 'polite',
    machine: { cpus, maxThreads: parts.length, maxProcesses: 1, memoryBytes: 2 ** 22 },
    events: { preemption: false, migration: false },
    setup(lab) {
      const words = Array.from({ length: 4 }, () => lab.process.allocate(4));
      parts.forEach((given, index) => {
        const [part, how] = typeof given === 'function' ? [given, {}] : given;
        lab.spawn((t) => part(t, words, lab), { cpu: index % cpus, ...how });
      });
    },
    ...options,
  });
}

interface Pair {
  readonly what: string;
  readonly broken: readonly (Part | readonly [Part, SpawnOptions])[];
  readonly finds: object;
  readonly correct: readonly (Part | readonly [Part, SpawnOptions])[];
}

const PAIRS: readonly Pair[] = [
  {
    what: 'a flag that is never set',
    broken: [yieldsFor(0), stores(1, 1)],
    finds: { kind: 'unsatisfied-await' },
    correct: [yieldsFor(0), stores(0, 1)],
  },
  {
    what: 'a flag that is taken back, if that comes too soon',
    broken: [yieldsFor(0), stores(0, 1, 0)],
    finds: { kind: 'unsatisfied-await' },
    correct: [yieldsFor(0), stores(0, 1, 2)],
  },
  {
    what: 'two that wait for each other',
    broken: [handsOn, yieldsFor(1), stores(2, 1)],
    finds: { kind: 'unsatisfied-await' },
    correct: [handsOn, yieldsFor(1), stores(0, 1)],
  },
];

const fifo = (priority: number): SpawnOptions => ({ realTime: { policy: 'fifo', priority } });

/** On one CPU: who yields goes behind those of its own priority, and before all others. */
const PRIORITIES: Pair = {
  what: 'a flag that one of a lower priority sets',
  broken: [
    [yieldsFor(0), fifo(2)],
    [stores(0, 1), fifo(1)],
  ],
  finds: { kind: 'deadlock', waits: [{ resource: 'await' }, { resource: 'turn' }] },
  correct: [
    [yieldsFor(0), fifo(2)],
    [stores(0, 1), fifo(2)],
  ],
};

describe.each(SEARCHES)('the search %s', (search) => {
  const isSampled = SAMPLED.includes(search);
  const limits = { search, decisions: 500, ...(isSampled && { executions: 40 }) };
  const cases = PAIRS.flatMap((pair) => [1, 2].map((cpus) => ({ ...pair, cpus })));

  it.each([...cases, { ...PRIORITIES, cpus: 1 }])(
    'finds threads that yield for ever, and none in the twin of $what, on $cpus CPUs',
    ({ cpus, broken, correct, finds }) => {
      for (const memory of ['sc', 'tso', 'weak'] satisfies MemoryModelName[]) {
        if (memory !== 'sc' && isSampled) continue;
        if (memory === 'weak' && search === 'classes') continue;
        const options = { ...limits, machine: { memory } };
        const found = check(onCpus(cpus, broken), options);
        expect(found).toMatchObject({ outcome: 'fails', finding: finds });
        const { outcome, finding, blocked } = check(onCpus(cpus, correct), options);
        expect({ outcome, finding, blocked }).toEqual({
          outcome: isSampled ? 'unknown' : 'holds',
          finding: undefined,
          blocked: 0,
        });
      }
    },
  );
});

describe('a search by classes comes to as many classes as all interleavings have', () => {
  it.each<readonly [string, readonly Part[], readonly [number, number, number]]>([
    ['a flag that is set', [yieldsFor(0), stores(0, 1)], [3, 2, 2]],
    ['a flag that is set twice', [yieldsFor(0), stores(0, 1, 0, 2)], [3, 6, 6]],
    ['two locks', [locks(0), locks(0)], [2, 4, 4]],
    ['two that wait in turn', [handsOn, yieldsFor(1), stores(0, 1)], [9, 6, 4]],
  ])('of %s', (_what, parts, counts) => {
    counts.forEach((count, index) => {
      const program = onCpus(Math.min(index + 1, parts.length), parts);
      const all = everyInterleaving(program, 0, 2_000, 'held back')!;
      const limits = { kernelEvents: 0, executions: 10_000, decisions: 500 };
      const result = new StatelessSearch(program).run(limits);
      expect(result).toMatchObject({ end: 'all', blocked: 0, classes: all.graphs.size });
      expect(result.classes).toBe(count);
      expect(check(program, { search: 'graphs', decisions: 500 }).classes).toBe(count);
    });
  });
});

describe('a loop', () => {
  it.each<readonly [string, Part]>([
    [
      'asks who it is',
      function* asking(t, [word]) {
        while ((yield* t.load(word!)) === 0) yield* gettid(t);
      },
    ],
    [
      'asks where it is, and does not listen',
      function* asking(t, [word]) {
        while ((yield* t.load(word!)) === 0) yield* t.syscall(SyscallNumber.getcpu, 0, 0);
      },
    ],
  ])('that %s is one that spins', (_what, asking) => {
    const correct = check(onCpus(2, [asking, stores(0, 1)]), { search: 'classes' });
    expect(correct).toMatchObject({ outcome: 'holds', classes: 2 });
    const broken = check(onCpus(2, [asking, stores(1, 1)]), { search: 'classes' });
    expect(broken.finding).toMatchObject({ kind: 'unsatisfied-await', thread: 0 });
  });
});

/** Adds 1 to a word in a section that begins again where it is aborted. */
const SECTION: Program = (() => {
  const builder = new ProgramBuilder('a section').label('run');
  emitSection(builder, {
    name: 'adds',
    body: (section) => {
      section.ld32(r0, r1, 0).addi(r0, r0, 1).st32(r0, r1, 0);
    },
    aborted: 'run',
  });
  return builder.ret().build();
})();

/** Waits for a word on instructions, relaxing the CPU in every round. */
const RELAXED: Program = new ProgramBuilder('relaxed')
  .label('run')
  .li(r3, 0)
  .label('again')
  .pause()
  .ld32(r0, r1, 0)
  .beq(r0, r3, 'again')
  .ret()
  .build();

it.each(['graphs', 'classes', 'states'] as const)(
  'a section that begins again whenever it is preempted is gone through to the bound on kernel events, by %s',
  (search) => {
    const adding: Part = function* adding(t, [word], lab) {
      yield* t.call(lab.machine.install(SECTION).routine('run'), word);
    };
    const program = onCpus(1, [adding, yieldsFor(0)], {
      machine: { cpus: 1, kernel: [rseq()], memoryBytes: 2 ** 22 },
      events: { preemption: true, migration: false },
    });
    const result = check(program, { search, kernelEvents: 3, decisions: 500 });
    expect(result).toMatchObject({ outcome: 'unknown', blocked: 0 });
    expect(result.reason).toBe('the bound of 3 kernel events');
  },
);

it.each(['graphs', 'classes', 'states'] as const)(
  'instructions that relax the CPU in a loop are held back, by %s',
  (search) => {
    const relaxing: Part = function* relaxing(t, [word], lab) {
      yield* t.call(lab.machine.install(RELAXED).routine('run'), word);
    };
    expect(check(onCpus(2, [relaxing, stores(0, 1)]), { search }).outcome).toBe('holds');
    const broken = check(onCpus(2, [relaxing, stores(1, 1)]), { search });
    expect(broken.finding).toMatchObject(
      search === 'states' ? { kind: 'livelock' } : { kind: 'unsatisfied-await', thread: 0 },
    );
  },
);

/** Tries so often to take a lock, and then sleeps until it is given back. */
const adaptive = (tries: number, wakes: boolean): Part =>
  function* adaptiveLocker(t, [lock]) {
    for (;;) {
      let isMine = false;
      for (let n = 0; n < tries && !isMine; n++)
        isMine = (yield* t.compareExchange(lock!, 0, 1)) === 0;
      if (isMine) break;
      if ((yield* t.exchange(lock!, 2)) === 0) break;
      yield* futexWait(t, lock!, 2);
    }
    if ((yield* t.exchange(lock!, 0)) === 2 && wakes) yield* futexWake(t, lock!, 1);
  };

it.each(['graphs', 'classes', 'states'] as const)(
  'a lock that is tried a few times and then slept on is not taken for one that is spun on, by %s',
  (search) => {
    const correct = check(onCpus(2, [adaptive(2, true), adaptive(2, true)]), { search });
    expect(correct).toMatchObject({ outcome: 'holds', blocked: 0 });
    const broken = check(onCpus(2, [adaptive(2, false), adaptive(2, false)]), { search });
    expect(broken).toMatchObject({ outcome: 'fails', finding: { kind: 'lost-wakeup' } });
  },
);
