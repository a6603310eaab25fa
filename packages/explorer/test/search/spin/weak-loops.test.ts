import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';

/** Programs that are compared; `RSEQLAB_RUNS=500 npx vitest run weak-loops` for more. */
const RUNS = Number(process.env['RSEQLAB_RUNS'] ?? 4);

const FENCES = ['none', 'fence', 'readFence'] as const;

/** A read of a round: of which word, and what comes behind it. */
type Look = readonly [word: 0 | 1, fence: (typeof FENCES)[number]];

/** A store: to which word, and what. */
type Store = readonly [word: 0 | 1, value: number];

interface Program {
  /** What the reader does until all that it read is something else than 0. */
  readonly round: readonly Look[];
  readonly writers: readonly (readonly Store[])[];
}

/** What came of a search. */
interface Findings {
  readonly outcome: 'holds' | 'fails' | 'unknown';
  /** What the reader's last round found. */
  readonly found: readonly string[];
  /** Whether it may go on for good. */
  readonly mayBlock: boolean;
}

/** @param spins - whether the reader goes round until it is content; else it goes round once, and counts if it is */
function findingsOf({ round, writers }: Program, spins: boolean): Findings {
  const found = new Set<string>();
  let mayBlock = false;
  const isContent = (values: readonly number[]): boolean => values.every((value) => value !== 0);
  const reading = scenario({
    name: 'reading',
    machine: { cpus: writers.length + 1, memory: 'weak' },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup(lab) {
      const words = [lab.process.allocate(4), lab.process.allocate(4)] as const;
      const ends: string[] = [];
      for (const stores of writers)
        lab.spawn(function* writer(t) {
          for (const [word, value] of stores) yield* t.store(words[word], value);
        });
      lab.spawn(function* reader(t) {
        const values: number[] = [];
        do {
          values.length = 0;
          for (const [word, fence] of round) {
            values.push(yield* t.load(words[word]));
            if (fence !== 'none') yield* t[fence]();
          }
        } while (spins && !isContent(values));
        if (isContent(values)) ends.push(`${values.join()} then ${yield* t.load(words[1])}`);
      });
      return { words, ends };
    },
    check({ words, ends }, lab) {
      for (const end of ends) found.add(end);
      const last = words.map((word) => lab.process.read32(word));
      mayBlock ||= !isContent(round.map(([word]) => last[word]!));
    },
  });
  const { outcome, blocked } = check(reading, { search: 'graphs', decisions: 300 });
  return { outcome, found: [...found].sort(), mayBlock: spins ? blocked > 0 : mayBlock };
}

/** One of the words is stored twice, which a thread may miss twice. */
const SLOW_TO_SHOW: Program = {
  round: [
    [0, 'none'],
    [1, 'none'],
  ],
  writers: [
    [[0, 1]],
    [
      [1, 1],
      [1, 2],
    ],
  ],
};

/** The word is set, and taken back, if that does not come too soon. */
const TAKEN_BACK: Program = {
  round: [[0, 'fence']],
  writers: [
    [
      [0, 1],
      [0, 0],
    ],
    [[0, 2]],
  ],
};

const word = fc.constantFrom(0 as const, 1 as const);

const PROGRAMS: fc.Arbitrary<Program> = fc.record({
  round: fc.array(fc.tuple(word, fc.constantFrom(...FENCES)), { minLength: 1, maxLength: 3 }),
  writers: fc.array(fc.array(fc.tuple(word, fc.nat(2)), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 2,
  }),
});

it('under weak the last round of a thread that spins finds what a round finds that comes first', () => {
  let most = 0;
  fc.assert(
    fc.property(PROGRAMS, (program) => {
      const { outcome, found, mayBlock } = findingsOf(program, true);
      const once = findingsOf(program, false);
      expect([outcome, once.outcome]).toEqual(['holds', 'holds']);
      // Rounds before the last change nothing, and nobody has to have made them.
      expect({ found, mayBlock }).toEqual({ found: once.found, mayBlock: once.mayBlock });
      most = Math.max(most, found.length);
    }),
    { numRuns: RUNS, examples: [[SLOW_TO_SHOW], [TAKEN_BACK]] },
  );
  expect(most).toBeGreaterThan(2);
});
