import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LitmusTest } from '../../src/litmus/litmus-test.js';
import { litmusOutcome } from '../../src/litmus/litmus-outcome.js';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { finalStatesOf } from './oracle.js';

const FOLDER = fileURLToPath(new URL('../../../../../shared/litmus/x86', import.meta.url));
const isHere = existsSync(FOLDER);

/** All tests of four threads take the oracle a quarter of a minute: every so many will do. */
const FOUR_THREAD_STRIDE = 15;

function readTests(): ReadonlyMap<string, LitmusTest> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
  const names = files.filter((file) => file.endsWith('.litmus')).sort();
  return new Map(
    names.map((file) => [file, parseLitmus(readFileSync(`${FOLDER}/${file}`, 'utf8'), file)]),
  );
}

describe.skipIf(!isHere)(
  `the x86 tests and expected.tsv (${isHere ? 'here' : 'skipped: they are not beside the repository'})`,
  () => {
    const tests = isHere ? readTests() : new Map<string, LitmusTest>();
    const table = isHere
      ? parseExpected(readFileSync(`${FOLDER}/expected.tsv`, 'utf8'), 'expected.tsv')
      : new Map<string, never>();

    /** What differs from the table, as lines to read; nothing when all is as expected. */
    function differences(chosen: readonly (readonly [string, LitmusTest])[]): readonly string[] {
      return chosen.flatMap(([file, test]) =>
        (['sc', 'tso'] as const).flatMap((model) => {
          const { verdict, states } = litmusOutcome(test, finalStatesOf(test, model));
          const expected = table.get(file)!.outcomes[model]!;
          const found = `${verdict}\t${states.join(' | ')}`;
          const wanted = `${expected.verdict}\t${expected.states!.join(' | ')}`;
          return found === wanted ? [] : [`${file} ${model}: ${found} instead of ${wanted}`];
        }),
      );
    }

    const withThreads = (count: number): readonly (readonly [string, LitmusTest])[] =>
      [...tests].filter(([, test]) => test.threads.length === count);

    it('are 1,320, all of which parse and have a row', () => {
      expect(tests.size).toBe(1320);
      expect([...table.keys()].sort()).toEqual([...tests.keys()]);
    });

    it('have the expected verdict and states, two threads', () => {
      expect(withThreads(2)).toHaveLength(403);
      expect(differences(withThreads(2))).toEqual([]);
    });

    it('have the expected verdict and states, one thread and three threads', () => {
      expect(differences([...withThreads(1), ...withThreads(3)])).toEqual([]);
    });

    it('have the expected verdict and states, a sample of four threads', () => {
      const sample = withThreads(4).filter((_, index) => index % FOUR_THREAD_STRIDE === 0);
      expect(sample.length).toBeGreaterThan(40);
      expect(differences(sample)).toEqual([]);
    });
  },
);
