import fc from 'fast-check';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { TWICE, WRITTEN, isCompared } from './bounded-programs.js';
import type { BoundedProgram, Step } from './bounded-programs.js';

/** Programs that are compared; `RSEQLAB_RUNS=500 npx vitest run bounded-loops` for more. */
const RUNS = Number(process.env['RSEQLAB_RUNS'] ?? 12);

const READ = fc.constantFrom<Step>('x', 'y', 'exchange x');

/** Each word is read once, at most. */
const wordOf = (step: Step): string => step.at(-1)!;

const PROGRAMS: fc.Arbitrary<BoundedProgram> = fc.record({
  memory: fc.constantFrom<MemoryModelName>('sc', 'tso', 'weak'),
  cpus: fc.integer({ min: 1, max: 3 }),
  before: fc.uniqueArray(fc.constantFrom<Step>('x', 'y'), { maxLength: 2 }),
  round: fc
    .tuple(
      fc.uniqueArray(READ, { minLength: 1, maxLength: 2, selector: wordOf }),
      fc.uniqueArray(fc.constantFrom<Step>('yield', 'fence'), { maxLength: 2 }),
      fc.boolean(),
    )
    .map(([reads, [first, second], isLast]): Step[] => {
      const others = (step: Step | undefined): Step[] => (step === undefined ? [] : [step]);
      const [read, ...more] = reads as [Step, ...Step[]];
      return isLast
        ? [read, ...others(first), ...more, ...others(second)]
        : [...others(second), read, ...others(first), ...more];
    }),
  contents: fc.integer({ min: 2, max: 7 }),
  stores: fc.array(
    fc.array(fc.tuple(fc.nat(1), fc.nat(2)), {
      minLength: 1,
      maxLength: 2,
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

describe('a thread that is held back comes to what it comes to that goes round a few times', () => {
  it.each<BoundedProgram>([
    { ...TWICE, round: ['x', 'yield'], contents: 0b10 },
    { ...TWICE, cpus: 1, round: ['x', 'yield'], contents: 0b10 },
    {
      ...TWICE,
      cpus: 1,
      round: ['x', 'y', 'yield'],
      contents: 0b100,
      stores: [
        [
          [0, 1],
          [1, 1],
        ],
      ],
    },
  ])('in %j', (program) => {
    expect(isCompared(program)).toBe(true);
  });

  it('in random programs', () => {
    let compared = 0;
    fc.assert(
      fc.property(PROGRAMS, (program) => {
        if (isCompared(program)) compared += 1;
      }),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 4);
  });

  it.each(Object.keys(WRITTEN) as (keyof typeof WRITTEN)[])(
    'in a round that reads a word twice, at different places of its program: %s',
    (round) => {
      for (const memory of ['sc', 'tso', 'weak'] as const)
        expect(isCompared({ ...TWICE, memory, round, contents: 0b1110 })).toBe(true);
      expect(
        isCompared({
          ...TWICE,
          before: [],
          round,
          stores: [
            [
              [0, 1],
              [0, 0],
              [0, 2],
            ],
          ],
        }),
      ).toBe(true);
    },
  );
});
