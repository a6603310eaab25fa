import type { ExpectedOutcome, StatedVerdict } from '@rseqlab/explorer';
import { describe, expect, it } from 'vitest';
import type { ExpectedTable } from '../../src/litmus/expected-table.js';
import { isFinding, judgeTest } from '../../src/litmus/judged-test.js';
import type { TriedTest } from '../../src/litmus/tried-test.js';

const STATES = ['0:r0=0;', '0:r0=1;'];

function judged(
  verdict: StatedVerdict,
  stated: { readonly lkmm?: StatedVerdict; readonly outcome?: ExpectedOutcome },
  { complete = false, states = STATES }: { complete?: boolean; states?: readonly string[] } = {},
) {
  const flag = verdict.startsWith('Flag ') ? verdict.slice('Flag '.length) : undefined;
  const tried = {
    file: 'MP.litmus',
    name: 'MP',
    dialect: 'C',
    verdict,
    states,
    ...(flag !== undefined && { misuses: [{ flag }] }),
  } as unknown as TriedTest;
  const row = { outcomes: stated.outcome ? { sc: stated.outcome } : {}, lkmm: stated.lkmm };
  const table = { rowOf: () => row } as unknown as ExpectedTable;
  const { test } = judgeTest(tried, complete, { model: 'sc', table });
  return { verdict: test.verdict, agrees: test.agrees, isFinding: isFinding(test) };
}

describe('a test whose executions were not all made', () => {
  it.each<readonly [StatedVerdict, StatedVerdict, string, boolean | undefined]>([
    ['Never', 'Never', 'UNKNOWN', undefined],
    ['Never', 'Sometimes', 'UNKNOWN', undefined],
    ['Never', 'DEADLOCK', 'UNKNOWN', undefined],
    ['Always', 'Always', 'UNKNOWN', undefined],
    ['Always', 'Never', 'UNKNOWN', undefined],
    ['Sometimes', 'Sometimes', 'Sometimes', true],
    ['Sometimes', 'Never', 'Sometimes', false],
    ['Sometimes', 'Always', 'Sometimes', false],
    ['Sometimes', 'DEADLOCK', 'Sometimes', undefined],
    ['DEADLOCK', 'DEADLOCK', 'DEADLOCK', true],
    ['DEADLOCK', 'Never', 'DEADLOCK', false],
    ['Flag invalid-sleep', 'Flag invalid-sleep', 'Flag invalid-sleep', true],
    ['Flag invalid-sleep', 'Sometimes', 'Flag invalid-sleep', false],
  ])('and that came to %s, where %s is stated, is %s', (reached, lkmm, verdict, agrees) => {
    expect(judged(reached, { lkmm })).toEqual({ verdict, agrees, isFinding: agrees === false });
  });

  it('disagrees as soon as a state is reached that is not stated', () => {
    const outcome = { verdict: 'Never', states: ['0:r0=0;'] } as const;
    expect(judged('Never', { outcome })).toMatchObject({ verdict: 'UNKNOWN', agrees: false });
  });

  it('does not disagree for a state that is not reached yet', () => {
    const outcome = { verdict: 'Sometimes', states: STATES } as const;
    const states = STATES.slice(1);
    expect(judged('Sometimes', { outcome }, { states }).agrees).toBe(undefined);
    expect(judged('Sometimes', { outcome }, { states, complete: true }).agrees).toBe(false);
  });
});

describe('a test whose executions were all made', () => {
  it('has the verdict that it came to', () => {
    const all = { complete: true };
    expect(judged('Never', { lkmm: 'Never' }, all)).toMatchObject({
      verdict: 'Never',
      agrees: true,
    });
    expect(judged('Always', { lkmm: 'Never' }, all)).toMatchObject({ agrees: false });
  });
});
