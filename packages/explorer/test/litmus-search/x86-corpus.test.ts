import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareOutcome } from '../../src/litmus/litmus-outcome.js';
import type { LitmusTest } from '../../src/litmus/litmus-test.js';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { LitmusSearch } from '../../src/litmus-search/litmus-search.js';

const FOLDER = fileURLToPath(new URL('../../../../../shared/litmus/x86', import.meta.url));
const isHere = existsSync(FOLDER);

/** How many tests there are of each size. */
const SIZES: readonly (readonly [threads: number, tests: number])[] = [
  [1, 2],
  [2, 403],
  [3, 240],
  [4, 675],
];

/** On a machine that has other work; alone it is ten seconds. */
const TIMEOUT_MS = 300_000;

function readTests(): readonly LitmusTest[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.litmus'))
    .sort()
    .map((file) => parseLitmus(readFileSync(`${FOLDER}/${file}`, 'utf8'), file));
}

describe.skipIf(!isHere)(
  `the x86 tests on the machine (${isHere ? 'here' : 'skipped: they are not beside the repository'})`,
  () => {
    const tests = isHere ? readTests() : [];
    const table = isHere
      ? parseExpected(readFileSync(`${FOLDER}/expected.tsv`, 'utf8'), 'expected.tsv')
      : new Map<string, never>();

    describe.each(['sc', 'tso'] as const)('under %s', (model) => {
      const search = new LitmusSearch(model);

      it.each(SIZES)(
        'reaches exactly the expected states, %i threads',
        { timeout: TIMEOUT_MS },
        (threads, count) => {
          const chosen = tests.filter((test) => test.threads.length === threads);
          expect(chosen).toHaveLength(count);
          const wrong = chosen.flatMap((test) => {
            const { outcome, complete } = search.run(test);
            const difference = compareOutcome(outcome, table.get(test.file)!.outcomes[model]!);
            return complete && difference.agrees ? [] : [{ file: test.file, ...difference }];
          });
          expect(wrong).toEqual([]);
        },
      );
    });
  },
);
