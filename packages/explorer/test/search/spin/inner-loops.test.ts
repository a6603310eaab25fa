import fc from 'fast-check';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { TWICE, isCompared } from './bounded-programs.js';
import type { BoundedProgram, Step } from './bounded-programs.js';

/** Programs that are compared; `RSEQLAB_RUNS=500 npx vitest run inner-loops` for more. */
const RUNS = Number(process.env['RSEQLAB_RUNS'] ?? 8);

/** A program with more interleavings is passed over. */
const MOST_EXECUTIONS = 1_500;

const store = (...values: readonly number[]): BoundedProgram['stores'] => [
  values.map((value) => [0, value] as const),
];

describe('a round that reads a word more than once at one place of its program', () => {
  it.each<readonly [string, MemoryModelName, Partial<BoundedProgram>]>([
    ['behind a read of it', 'sc', {}],
    ['behind a read of it', 'tso', {}],
    ['behind a read of it', 'weak', {}],
    ['until one of them differs', 'weak', { contents: 0b10, stores: store(1, 0) }],
    ['until both differ', 'sc', { before: [], contents: 0b100, stores: store(1, 0, 2) }],
    ['three times', 'tso', { before: [], round: ['x', 'x', 'x'], contents: 0b1010 }],
    [
      'three times, until it likes the last',
      'sc',
      { before: [], round: ['x', 'x', 'x'], contents: 2, isInOrder: true, stores: store(1, 0) },
    ],
    ['twice, and then another one', 'weak', { round: ['x', 'x', 'y'], contents: 0b100 }],
    [
      'twice, where others go first in between',
      'sc',
      { before: [], round: ['x', 'yield', 'x'], contents: 0b10, stores: store(1, 2) },
    ],
    [
      'as long as it is set',
      'tso',
      { round: ['x', 'x', 'x'], last: 0, contents: 0b10, stores: store(1, 0) },
    ],
    [
      'three times, where others go first before it reads once more',
      'sc',
      { round: ['x', 'x', 'x', 'yield', 'x'], before: [], contents: 0b11100, stores: store(1, 0) },
    ],
    [
      'twice, and remembers the round before',
      'sc',
      { before: [], after: 0b10, contents: 0b100, stores: store(1, 0) },
    ],
  ])('is gone through as a whole: %s, under %s', (_what, memory, changes) => {
    expect(isCompared({ ...TWICE, memory, ...changes })).toBe(true);
  });
});

/** What was read of a word before it changed is part of a round in which all the rest is as it was in the one before. */
it('a round that began when a word was another is told from one that reads all as it is now', () => {
  const program: BoundedProgram = {
    memory: 'sc',
    cpus: 2,
    before: [],
    round: ['x', 'y', 'z'],
    contents: 1 << 0b001,
    isInOrder: true,
    after: 1 << 0b100,
    stores: [
      [
        [0, 1],
        [0, 0],
        [1, 1],
        [2, 1],
      ],
    ],
  };
  expect(isCompared(program)).toBe(true);
});

const STORES = (most: number): fc.Arbitrary<readonly (readonly [number, number])[]> =>
  fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 1), fc.nat(2)), { minLength: 1, maxLength: most });

const PROGRAMS: fc.Arbitrary<BoundedProgram> = fc.record({
  memory: fc.constantFrom<MemoryModelName>('sc', 'tso', 'weak'),
  cpus: fc.constant(2),
  before: fc.array(fc.constantFrom<Step>('x', 'y'), { maxLength: 1 }),
  round: fc
    .tuple(
      fc.array(fc.constantFrom<Step>('x', 'x', 'x', 'y'), { minLength: 2, maxLength: 4 }),
      fc.constantFrom<readonly Step[]>([], [], ['fence'], ['yield']),
      fc.nat(4),
    )
    .map(([reads, other, at]) => [...reads.slice(0, at), ...other, ...reads.slice(at)]),
  contents: fc.nat(0xffff).map((bits) => bits & ~1),
  isInOrder: fc.boolean(),
  after: fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, fc.nat(0xffff)),
  stores: fc.oneof(
    { weight: 3, arbitrary: STORES(3).map((stores) => [stores]) },
    fc.tuple(STORES(2), STORES(1)),
  ),
});

it('so it is in random programs', () => {
  let compared = 0;
  fc.assert(
    fc.property(PROGRAMS, (program) => {
      if (isCompared(program, MOST_EXECUTIONS)) compared += 1;
    }),
    { numRuns: RUNS },
  );
  expect(compared).toBeGreaterThan(0);
});

/** Tells its test what it read, and whoever may look at its operations nothing: they are the same wherever it is in a round. */
it.fails(
  'a round is not told from a part of it that makes a difference to nothing but what is checked',
  () => {
    expect(isCompared({ ...TWICE, round: ['x', 'x', 'x'], last: 1, contents: 0b10 })).toBe(true);
  },
);
