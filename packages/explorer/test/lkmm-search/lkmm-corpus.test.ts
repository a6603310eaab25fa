import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import type { LkmmTest } from '../../src/lkmm/lkmm-test.js';
import { parseLkmm } from '../../src/lkmm/parse-lkmm.js';
import { compareLkmm } from '../../src/lkmm-search/compare-lkmm.js';
import { LkmmSearch } from '../../src/lkmm-search/lkmm-search.js';

const FOLDER = fileURLToPath(new URL('../../../../../shared/litmus/lkmm', import.meta.url));
const isHere = existsSync(FOLDER);

/** All 138 tests take minutes: those of one and two threads, and one in so many of the others. */
const STRIDES: readonly (readonly [threads: number, stride: number, tests: number])[] = [
  [1, 1, 7],
  [2, 1, 31],
  [3, 12, 4],
];

describe.skipIf(!isHere)(
  `the C tests and expected.tsv (${isHere ? 'here' : 'skipped: they are not beside the repository'})`,
  () => {
    const table = isHere
      ? parseExpected(readFileSync(`${FOLDER}/expected.tsv`, 'utf8'), 'expected.tsv')
      : new Map<string, never>();
    const tests: readonly LkmmTest[] = [...table.keys()].map((file) =>
      parseLkmm(readFileSync(`${FOLDER}/${file}`, 'utf8'), file),
    );

    it('are 138, all of which parse', () => {
      expect(tests).toHaveLength(138);
    });

    it('under weak, 1 thread: as stated', () => {
      const search = new LkmmSearch('weak');
      for (const test of tests.filter(({ threads }) => threads.length === 1)) {
        const { outcome } = search.run(test);
        expect(compareLkmm(outcome, { lkmm: table.get(test.file)!.lkmm! }).agrees).toBe(true);
      }
    });

    describe.each(['sc', 'tso'] as const)('under %s', (model) => {
      const search = new LkmmSearch(model);

      it.each(STRIDES)('%i threads, every %ith: as stated', (threads, stride, count) => {
        const chosen = tests
          .filter((test) => test.threads.length === threads)
          .filter((_, index) => index % stride === 0);
        expect(chosen).toHaveLength(count);
        const wrong = chosen.flatMap((test) => {
          const { outcome, complete } = search.run(test);
          const lkmm = table.get(test.file)!.lkmm!;
          const { agrees } = compareLkmm(outcome, { lkmm });
          return complete && agrees ? [] : [{ file: test.file, lkmm, verdict: outcome.verdict }];
        });
        expect(wrong).toEqual([]);
      });
    });
  },
);
