import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrimitiveOutcome } from '../../src/index.js';
import type { CommitOrder, IndexKind } from '../../src/index.js';
import { DEFINITIONS, PrimitiveMachine, attempts, settled } from './primitive-fixture.js';
import type { Attempt, Setting } from './primitive-fixture.js';

const ORDERS: readonly CommitOrder[] = ['relaxed', 'release'];
const INDEXES: readonly IndexKind[] = ['cpu_id', 'mm_cid'];
const MEMORIES = ['sc', 'tso'] as const;

const SETTINGS: readonly Setting[] = DEFINITIONS.flatMap((definition) =>
  ORDERS.flatMap((order) =>
    INDEXES.flatMap((index) => MEMORIES.map((memory) => ({ definition, order, index, memory }))),
  ),
);

const titled = SETTINGS.map(
  (setting) =>
    [
      `${setting.definition.name} (${setting.order}, ${setting.index}, ${setting.memory})`,
      setting,
    ] as const,
);

/** The handler's fallback begins while the attempt's has written a part of its vector. */
const NESTED: Attempt = {
  words: [0, 0, 0, 0, 0, 0, 0, 0],
  args: { v: 0, expect: 0, v2: 4, value: 0, off: 0 },
  interruptions: [
    { after: 12, kind: 'preempt', changed: 0, to: 0 },
    { after: 8, kind: 'signal', changed: 0, to: 0 },
    { after: 2, kind: 'migrate', changed: 0, to: 1 },
  ],
};

describe('wherever it is interrupted, and whatever changes meanwhile,', () => {
  const seen = new Set<number>();

  it.each(titled)('%s does exactly what its reference says, or nothing', (_, setting) => {
    const machine = new PrimitiveMachine(setting);
    fc.assert(
      fc.property(attempts, (attempt) => {
        const observed = machine.attempt(attempt);
        seen.add(observed.result.outcome);
        expect(observed.allowed.map((one) => settled(one))).toContainEqual(settled(observed));
        expect(observed.counted).toBe(observed.signals);
      }),
      { numRuns: 40 },
    );
  });

  it('all outcomes are met', () => {
    expect([...seen].sort()).toEqual(Object.values(PrimitiveOutcome).sort());
  });
});

describe('with cpu_opv in place of what was aborted,', () => {
  it.each(
    titled
      .filter(([, { index }]) => index === 'cpu_id')
      .map(([title, one]) => [title, one] as const),
  )('%s always does exactly what its reference says', (_, setting) => {
    const machine = new PrimitiveMachine({ ...setting, fallback: true });
    fc.assert(
      fc.property(attempts, (attempt) => {
        const observed = machine.attempt(attempt);
        expect(observed.result.outcome).not.toBe(PrimitiveOutcome.Aborted);
        const allowed = observed.allowed.map((one) => settled(one, true));
        expect(allowed).toContainEqual(settled(observed, true));
        expect(observed.counted).toBe(observed.signals);
      }),
      { numRuns: 40, examples: [[NESTED]] },
    );
  });
});

describe('on a kernel that never aborts', () => {
  it.each(DEFINITIONS.map((definition) => [definition.name, definition] as const))(
    '%s is found to do what its reference does not',
    (_, definition) => {
      const setting: Setting = {
        definition,
        order: 'relaxed',
        index: 'cpu_id',
        memory: 'sc',
        aborts: false,
      };
      const machine = new PrimitiveMachine(setting);
      const agrees = (attempt: Attempt): boolean => {
        const observed = machine.attempt(attempt);
        const right = observed.allowed.map((one) => JSON.stringify(settled(one)));
        return right.includes(JSON.stringify(settled(observed)));
      };
      const { failed } = fc.check(fc.property(attempts, agrees), { numRuns: 4000, seed: 1 });
      expect(failed).toBe(true);
    },
  );
});
