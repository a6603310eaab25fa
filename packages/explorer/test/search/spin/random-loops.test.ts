import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import type { Part } from '../../findings/programs.js';
import { everyInterleaving } from '../stateless/every-interleaving.js';
import { RANDOM_SPINNERS, scenarioOfSpinners } from './random-spinners.js';
import { handsOn, locks, spinsOn, spinsOnBoth, stores } from './spinning-programs.js';

/** Programs that are compared; `RSEQLAB_RUNS=2000 npx vitest run random-loops` for more. */
const RUNS = Number(process.env['RSEQLAB_RUNS'] ?? 15);

/** A program with more interleavings is passed over. */
const MOST_EXECUTIONS = 400;

/** What threads of a random program do. */
const PARTS: Readonly<Record<string, Part>> = {
  waits: spinsOn(0),
  waitsForOther: spinsOn(1),
  waitsForBoth: spinsOnBoth,
  *waitsForEither(t, [first, second]) {
    while ((yield* t.load(first!)) === 0 && (yield* t.load(second!)) === 0);
  },
  sets: stores(0, 1),
  setsOther: stores(1, 1),
  blinks: stores(0, 1, 0),
  insists: stores(0, 1, 0, 2),
  handsOn,
  locks: locks(0),
};

interface Program {
  readonly memory: MemoryModelName;
  readonly parts: readonly string[];
}

/** A program whose executions end with what is in its words, or blocked. */
function scenarioOf({ memory, parts }: Program): Scenario {
  return scenario({
    name: 'random loops',
    machine: { cpus: parts.length, memory, maxThreads: parts.length, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup(lab) {
      const words = Array.from({ length: 4 }, () => lab.process.allocate(4));
      for (const part of parts) lab.spawn((t) => PARTS[part]!(t, words, lab));
    },
  });
}

const PROGRAMS = fc.record({
  memory: fc.constantFrom<MemoryModelName>('sc', 'tso'),
  parts: fc.array(fc.constantFrom(...Object.keys(PARTS)), { minLength: 2, maxLength: 3 }),
});

it('a search by classes comes to the classes that all interleavings have where threads spin', () => {
  let compared = 0;
  fc.assert(
    fc.property(PROGRAMS, (program) => {
      const all = everyInterleaving(scenarioOf(program), 0, MOST_EXECUTIONS, 'held back');
      if (all === undefined) return;
      const limits = { kernelEvents: 0, executions: 10_000, decisions: 1000 };
      const result = new StatelessSearch(scenarioOf(program)).run(limits);
      expect(result.end).toBe('all');
      expect(result.classes).toBe(all.graphs.size);
      expect(result.blocked > 0).toBe(all.isBlocked);
      compared += 1;
    }),
    { numRuns: RUNS },
  );
  expect(compared).toBeGreaterThan(RUNS / 4);
});

it.each(Object.entries(RANDOM_SPINNERS))('so it does of other programs, %s', (_name, programs) => {
  let compared = 0;
  fc.assert(
    fc.property(programs, (program) => {
      const kernelEvents = program.isPreempted ? 1 : 0;
      const all = everyInterleaving(
        scenarioOfSpinners(program),
        kernelEvents,
        MOST_EXECUTIONS,
        'held back',
      );
      if (all === undefined) return;
      const limits = { kernelEvents, executions: 10_000, decisions: 1000 };
      const result = new StatelessSearch(scenarioOfSpinners(program)).run(limits);
      expect(result.end).toMatch(/^(all|bounded)$/);
      expect(result.classes).toBe(all.graphs.size);
      expect(result.blocked > 0).toBe(all.isBlocked);
      compared += 1;
    }),
    { numRuns: RUNS },
  );
  expect(compared).toBeGreaterThan(RUNS / 4);
});

it('it makes no difference that threads are watched closely only once one may spin', () => {
  let compared = 0;
  fc.assert(
    fc.property(PROGRAMS, (program) => {
      const [lazily, closely] = (['held back', 'watched'] as const).map((spinning) =>
        everyInterleaving(scenarioOf(program), 0, MOST_EXECUTIONS / 4, spinning),
      );
      expect(lazily).toEqual(closely);
      if (lazily !== undefined) compared += 1;
    }),
    { numRuns: RUNS },
  );
  expect(compared).toBeGreaterThan(RUNS / 8);
});

it('a thread that spins sees what one that awaits sees', () => {
  const outcomes = (awaits: boolean, values: readonly number[]): unknown => {
    const seen = new Set<number>();
    const reading = scenario({
      name: 'reading',
      machine: { cpus: 2 },
      events: { preemption: false, migration: false },
      allowBlocked: true,
      setup(lab) {
        const word = lab.process.allocate(4);
        const found: number[] = [];
        lab.spawn(function* (t) {
          for (const value of values) yield* t.store(word, value);
        });
        lab.spawn(function* (t) {
          if (awaits) yield* t.waitUntilNotEqual(word, 0);
          else while ((yield* t.load(word)) === 0);
          found.push(yield* t.load(word));
        });
        return found;
      },
      check: ([value]) => void seen.add(value!),
    });
    const limits = { kernelEvents: 0, executions: 10_000, decisions: 1000 };
    const { blocked } = new StatelessSearch(reading).run(limits);
    return { seen: [...seen].sort(), isBlocked: blocked > 0 };
  };
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 4 }), (values) => {
      expect(outcomes(false, values)).toEqual(outcomes(true, values));
    }),
    { numRuns: RUNS },
  );
});

it('under weak a thread that spins sees what one that awaits sees, though it reads nothing old twice in a row', () => {
  const outcomes = (awaits: boolean, stores: readonly (readonly [number, number])[]): unknown => {
    const seen = new Set<string>();
    const reading = scenario({
      name: 'reading',
      machine: { cpus: 2, memory: 'weak' },
      events: { preemption: false, migration: false },
      allowBlocked: true,
      setup(lab) {
        const words = [lab.process.allocate(4), lab.process.allocate(4)] as const;
        const [flag, data] = words;
        const ends: string[] = [];
        lab.spawn(function* (t) {
          for (const [at, value] of stores) yield* t.store(words[at]!, value);
        });
        lab.spawn(function* (t) {
          // Reads of both, so that what it has seen of either differs when it begins to wait.
          const before = yield* t.load(data);
          let found: number;
          if (awaits) found = yield* t.waitUntilNotEqual(flag, 0);
          else while ((found = yield* t.load(flag)) === 0);
          ends.push(`${before} ${found} ${yield* t.load(data)} ${yield* t.load(flag)}`);
        });
        return ends;
      },
      check: ([end]) => void seen.add(end!),
    });
    const { outcome, blocked } = check(reading, { search: 'graphs', decisions: 200 });
    return { outcome, seen: [...seen].sort(), isBlocked: blocked > 0 };
  };
  // Of which the other thread can have seen any part.
  const blinkingTwice: [number, number][] = [
    [0, 1],
    [1, 1],
    [0, 0],
    [0, 2],
  ];
  let most = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(1), fc.nat(2)), { minLength: 1, maxLength: 4 }),
      (stores) => {
        const spinning = outcomes(false, stores) as { seen: unknown[] };
        expect(spinning).toEqual(outcomes(true, stores));
        expect(spinning).toMatchObject({ outcome: 'holds' });
        most = Math.max(most, spinning.seen.length);
      },
    ),
    { numRuns: 10, examples: [[blinkingTwice]] },
  );
  expect(most).toBeGreaterThan(2);
});
