import { equalUnits } from '@rseqlab/explorer';
import type { UnitOutcome } from '@rseqlab/explorer';
import type { Crew } from '../../src/units/crew.js';

/** What a fake crew does with a unit, counted from 1. */
export type Deed = (unit: number, attempt: number) => UnitOutcome | Promise<UnitOutcome>;

/** A crew whose units are numbers from 1, whose conclusion is their sum, and which can misbehave. */
export interface FakeCrew extends Crew {
  /** Units in the order in which they were begun. */
  readonly begun: readonly number[];
}

/** The result of an ordinary unit. */
export const worth = (value: number): UnitOutcome => ({ value });

/** Sets up a fake crew. */
export function fakeCrew(count: number, deed: Deed = worth, subject = 'numbers'): FakeCrew {
  const begun: number[] = [];
  return {
    begun,
    plan: () =>
      Promise.resolve({
        identity: { version: '0', strategy: 'sum', subject, options: '{}' },
        units: equalUnits(Array.from({ length: count }, (_, i) => i + 1)),
      }),
    async perform(_lane, work) {
      begun.push(work as number);
      return deed(work as number, begun.filter((unit) => unit === work).length);
    },
    recall: () => Promise.resolve(),
    conclude(values, { isComplete }) {
      const sum = (values as readonly number[]).reduce((a, b) => a + b, 0);
      return Promise.resolve({
        output: `${isComplete ? 'all' : 'some'}: ${sum}\n`,
        status: isComplete ? 0 : 3,
      });
    },
    countsOf: () => ({ executions: 10, classes: 2, blocked: 0, kernelEvents: 1 }),
    drop: () => undefined,
    close: () => Promise.resolve(),
  };
}
