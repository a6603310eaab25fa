import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFinalStates } from '../../src/litmus/final-state.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { LitmusSearch } from '../../src/litmus-search/litmus-search.js';
import { finalStatesOf } from '../litmus/oracle.js';
import { randomRows } from '../litmus/random-rows.js';
import { tinyLitmus } from '../litmus/tiny-litmus.js';

const THREADS: readonly (readonly [threads: number, runs: number])[] = [
  [1, 50],
  [2, 150],
  [3, 15],
];

describe.each(['sc', 'tso'] as const)('the machine under %s', (model) => {
  const search = new LitmusSearch(model);

  it.each(THREADS)('reaches the states of the oracle, %i random threads', (threads, numRuns) => {
    const ids = Array.from({ length: threads }, (_, id) => id);
    const observed = ids.flatMap((id) => ['rax', 'rbx', 'rcx'].map((name) => `${id}:${name}`));
    const registers = ids.map((id) => `${id}:rdx=${id % 2 === 0 ? 'x' : 'y'};`).join(' ');
    fc.assert(
      fc.property(randomRows(threads), (rows) => {
        const text = tinyLitmus({
          columns: `${ids.map((id) => `P${id}`).join(' | ')} ;`,
          init: `{ 0:rax=1; y=258; p=x; ${registers} }`,
          rows,
          condition: `locations [x; y; p; ${observed.join('; ')};]`,
        });
        const test = parseLitmus(text, 'random');
        const { outcome, complete } = search.run(test);
        expect(complete).toBe(true);
        expect(outcome.states).toEqual(formatFinalStates(test, finalStatesOf(test, model)));
      }),
      { numRuns },
    );
  });
});
