import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weakOutcomes } from './axiomatic-oracle.js';
import { machineOutcomes } from './machine-outcomes.js';
import { programs } from './random-programs.js';
import { fencew, load, store } from './weak-program.js';
import type { WeakProgram } from './weak-program.js';

/** A load that its address orders sees a write; the next load of the same word must not go back. */
const seenThroughAnAddress: WeakProgram = [
  [load(1, 0), load(0, 1, { address: 0 }), load(0, 2)],
  [store(0, 2), fencew, store(1, 2)],
];

const sorted = (outcomes: ReadonlySet<string>): string[] => [...outcomes].sort();

/** On a machine that has other work; alone it is a few seconds. */
const TIMEOUT_MS = 200_000;

describe('the machine under weak', { timeout: TIMEOUT_MS }, () => {
  it('reaches exactly the outcomes that the axioms of ARMv8 allow without load buffering', () => {
    fc.assert(
      fc.property(programs, (program) => {
        expect(sorted(machineOutcomes(program, 'weak'))).toEqual(sorted(weakOutcomes(program)));
      }),
      { numRuns: 300, examples: [[seenThroughAnAddress]] },
    );
  });

  it('reaches all that tso does, which reaches all that sc does', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const [sc, tso, weak] = (['sc', 'tso', 'weak'] as const).map((model) =>
          machineOutcomes(program, model),
        );
        for (const outcome of sc!) expect(tso).toContain(outcome);
        for (const outcome of tso!) expect(weak).toContain(outcome);
      }),
      { numRuns: 60 },
    );
  });
});
