import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weakOutcomes } from './axiomatic-oracle.js';
import { machineOutcomes } from './machine-outcomes.js';
import { exchange, fence, fencer, fencew, load, store } from './weak-program.js';
import type { Instruction, WeakProgram } from './weak-program.js';

const place = fc.nat(2);
const register = fc.nat(3);
const value = fc.integer({ min: 1, max: 3 });
const perhaps = fc.option(register, { nil: undefined });

const instruction: fc.Arbitrary<Instruction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ p: place, r: register, acquire: fc.boolean(), address: perhaps })
      .map(({ p, r, acquire, address }) =>
        load(p, r, { acquire, ...(address === undefined ? {} : { address }) }),
      ),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({ p: place, v: value, release: fc.boolean(), address: perhaps, data: perhaps })
      .map(({ p, v, release, address, data }) =>
        store(p, v, {
          release,
          ...(address === undefined ? {} : { address }),
          ...(data === undefined ? {} : { data }),
        }),
      ),
  },
  { weight: 1, arbitrary: fc.tuple(place, value, register).map(([p, v, r]) => exchange(p, v, r)) },
  { weight: 2, arbitrary: fc.constantFrom(fence, fencer, fencew) },
);

const thread = (most: number): fc.Arbitrary<Instruction[]> =>
  fc.array(instruction, { minLength: 1, maxLength: most });

const programs: fc.Arbitrary<WeakProgram> = fc.oneof(
  fc.tuple(thread(4), thread(4)),
  fc.tuple(thread(2), thread(3), thread(2)),
  fc.tuple(thread(1), thread(1), thread(2), thread(2)),
);

const sorted = (outcomes: ReadonlySet<string>): string[] => [...outcomes].sort();

describe('the machine under weak', () => {
  it('reaches exactly the outcomes that the axioms of ARMv8 allow without load buffering', () => {
    fc.assert(
      fc.property(programs, (program) => {
        expect(sorted(machineOutcomes(program, 'weak'))).toEqual(sorted(weakOutcomes(program)));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 150) },
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
