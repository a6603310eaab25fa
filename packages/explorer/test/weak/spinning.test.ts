import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/search/check.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { spinningExecutions } from './spinning-oracle.js';
import type { SpinningProgram } from './spinning-oracle.js';
import { fence, fencer, fencew, load, store } from './weak-program.js';
import type { Instruction } from './weak-program.js';

/** Programs that are compared; `RSEQLAB_RUNS=500 npx vitest run weak/spinning` for more. */
const RUNS = Number(process.env['RSEQLAB_RUNS'] ?? 10);

/** The threads that store, and one that spins, each on a CPU. */
function scenarioOf({ writers, round }: SpinningProgram, allowBlocked = true): Scenario {
  return scenario({
    name: 'spinning',
    machine: { cpus: writers.length + 1, memory: 'weak', maxThreads: 4, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    allowBlocked,
    setup(lab) {
      const words = Array.from({ length: 3 }, () => lab.process.allocate(4));
      for (const instructions of writers)
        lab.spawn(function* writer(t) {
          for (const one of instructions) {
            if (one.kind === 'fencew') yield* t.writeFence();
            else if (one.kind === 'store')
              yield* t[one.release === true ? 'storeRelease' : 'store'](
                words[one.place]!,
                one.value,
              );
          }
        });
      lab.spawn(function* spinner(t) {
        let isContent: boolean;
        do {
          isContent = true;
          for (const one of round) {
            if (one.kind === 'fence') yield* t.fence();
            else if (one.kind === 'fencer') yield* t.readFence();
            else if (one.kind === 'load') {
              const { acquire = false, place } = one;
              const value = yield* t[acquire ? 'loadAcquire' : 'load'](words[place]!);
              isContent &&= value !== 0;
            }
          }
        } while (!isContent);
      });
    },
  });
}

/** Stores to words, by thread; `[word, value]`. */
type Stores = readonly (readonly (readonly [number, number])[])[];

const writersOf = (stores: Stores): SpinningProgram['writers'] =>
  stores.map((thread) => thread.map(([place, value]) => store(place, value)));

describe.each<readonly [string, readonly Instruction[]]>([
  ['no fence', [load(0, 0), load(1, 1)]],
  ['a read fence', [load(0, 0), fencer, load(1, 1)]],
])('under weak, with %s between its reads, a thread that waits for two words', (_name, round) => {
  it.each<readonly [Stores, number]>([
    // prettier-ignore
    [[[[0, 1]], [[1, 1]], [[1, 0], [1, 1]]], 91],
    // prettier-ignore
    [[[[0, 1], [0, 2]], [[1, 1], [1, 2]]], 32],
    [
      [
        [
          [0, 1],
          [1, 1],
          [1, 2],
        ],
      ],
      14,
    ],
    // prettier-ignore
    [[[[0, 1], [0, 0], [0, 1]], [[1, 1]]], 23],
  ])('goes on, in as many classes as the axioms allow: %j', (stores, count) => {
    const program = { writers: writersOf(stores), round };
    expect(spinningExecutions(program)).toBe(count);
    const result = check(scenarioOf(program, false), { search: 'graphs', decisions: 300 });
    expect(result).toMatchObject({ outcome: 'holds', classes: count, blocked: 0 });
  });

  it.each<Stores>([
    [[[0, 1]], [[1, 0]]],
    // prettier-ignore
    [[[0, 1], [0, 0]], [[1, 1], [1, 0]]],
  ])('is found to wait for ever, and not to go round: %j %j', (...stores) => {
    const program = { writers: writersOf(stores), round };
    for (const search of ['graphs', 'states', 'random'] as const) {
      const broken = check(scenarioOf(program, false), { search, decisions: 300 });
      expect(broken).toMatchObject({
        outcome: 'fails',
        finding: { kind: 'unsatisfied-await', thread: 2 },
      });
    }
    const blocked = check(scenarioOf(program), { search: 'graphs', decisions: 300 });
    expect(blocked).toMatchObject({ outcome: 'holds', classes: spinningExecutions(program) });
    expect(blocked.blocked).toBeGreaterThan(0);
  });
});

const place = fc.nat(1);

const STORES: fc.Arbitrary<readonly Instruction[]> = fc.array(
  fc.oneof(
    fc
      .tuple(place, fc.nat(2), fc.boolean())
      .map(([at, value, release]) => store(at, value, { release })),
    fc.constant(fencew),
  ),
  { minLength: 1, maxLength: 3 },
);

const ROUND: fc.Arbitrary<Instruction[]> = fc
  .tuple(
    fc.uniqueArray(place, { minLength: 1, maxLength: 2 }),
    fc.array(fc.tuple(fc.boolean(), fc.constantFrom(undefined, fence, fencer)), {
      minLength: 2,
      maxLength: 2,
    }),
  )
  .map(([places, kinds]) =>
    places.flatMap((at, n): Instruction[] => {
      const [acquire, behind] = kinds[n]!;
      return [load(at, n, { acquire }), ...(behind === undefined ? [] : [behind])];
    }),
  );

it('under weak a thread that spins has as many classes as the axioms allow', () => {
  let most = 0;
  const writers: readonly Instruction[][] = [[store(0, 1), store(0, 2)], [store(1, 1)]];
  fc.assert(
    fc.property(fc.array(STORES, { minLength: 1, maxLength: 2 }), ROUND, (threads, round) => {
      const program = { writers: threads, round };
      const { outcome, classes } = check(scenarioOf(program), { search: 'graphs', decisions: 300 });
      expect(outcome).toBe('holds');
      expect(classes).toBe(spinningExecutions(program));
      most = Math.max(most, classes);
    }),
    { numRuns: RUNS, examples: [[[...writers], [load(0, 0), load(1, 1)]]] },
  );
  expect(most).toBeGreaterThan(2);
});
