import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareOutcome, litmusOutcome } from '../../src/litmus/litmus-outcome.js';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { finalStatesOf } from './oracle.js';

const FOLDER = fileURLToPath(new URL('../../../../examples/litmus', import.meta.url));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.litmus'));
const table = parseExpected(readFileSync(`${FOLDER}/expected.tsv`, 'utf8'), 'expected.tsv');

const parse = (file: string) => parseLitmus(readFileSync(`${FOLDER}/${file}`, 'utf8'), file);

/** What a store buffer per thread makes possible, and nothing else in the set. */
const RELAXED = [
  '3.SB',
  'R',
  'RWC',
  'SB',
  'SB+lfences',
  'SB+mfence+po',
  'SB+rfis',
  'SB+sfences',
  'SB+xchg+po',
  'n6',
];

describe('the classic tests', () => {
  it('each have a row in the table, and every row its test', () => {
    expect([...table.keys()].sort()).toEqual(files.sort());
  });

  it.each(files)('%s is named as its file', (file) => {
    expect(`${parse(file).name}.litmus`).toBe(file);
  });

  it.each(files)('%s has the stated verdict and states', (file) => {
    const test = parse(file);
    for (const model of ['sc', 'tso'] as const) {
      const outcome = litmusOutcome(test, finalStatesOf(test, model));
      const expected = table.get(file)!.outcomes[model]!;
      expect(compareOutcome(outcome, expected)).toMatchObject({ agrees: true });
    }
  });

  it('differ between sc and tso exactly where a store waits in its buffer', () => {
    const relaxed = [...table.values()].filter(
      ({ outcomes }) => outcomes.sc?.verdict !== outcomes.tso?.verdict,
    );
    expect(relaxed.map(({ file }) => file.replace('.litmus', '')).sort()).toEqual(RELAXED);
  });
});
