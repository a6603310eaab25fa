import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLkmm } from '../../src/lkmm/parse-lkmm.js';
import { formatFinalStates } from '../../src/litmus/final-state.js';
import { LkmmSearch } from '../../src/lkmm-search/lkmm-search.js';
import { oracleOutcomes } from '../lkmm/oracle-outcomes.js';
import { randomFunctions } from '../lkmm/random-functions.js';

const THREADS: readonly (readonly [threads: number, runs: number])[] = [
  [1, 40],
  [2, 40],
  [3, 12],
];

describe.each(['sc', 'tso'] as const)('C tests on the machine under %s', (model) => {
  const search = new LkmmSearch(model);

  it.each(THREADS)('reach the states of the oracle, %i random functions', (threads, numRuns) => {
    fc.assert(
      fc.property(randomFunctions(threads), (text) => {
        const test = parseLkmm(text, 'random.litmus');
        const oracle = oracleOutcomes(test, model, 4000);
        fc.pre(oracle !== undefined);
        const { outcome } = search.run(test);
        expect(outcome.states).toEqual(formatFinalStates(test, oracle.states));
        expect(outcome.deadlock !== undefined).toBe(oracle.deadlocks);
      }),
      { numRuns },
    );
  });
});
