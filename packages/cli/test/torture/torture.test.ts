import { describe, expect, it } from 'vitest';
import { decodeToken, encodeToken } from '@rseqlab/sim-machine';
import { command } from '../captured-io.js';
import { TORTURE_NAMES, tortureProgram } from '../../src/torture/torture-programs.js';
import { tortureRun } from '../../src/torture/torture-run.js';
import type { TortureProgram } from '../../src/torture/torture-run.js';
import { torture } from '../../src/torture/torture.js';
import type { TortureOptions, TortureReport } from '../../src/torture/torture.js';
import { BROKEN_TORTURES } from './broken-tortures.js';
import { allTortures, complaintsOf } from './torture-cells.js';

function tortured(
  program: TortureProgram,
  changes: Partial<TortureOptions> = {},
): Promise<TortureReport> {
  const memory = 'tso';
  return torture(program, {
    name: 'x',
    seed: 1,
    memory,
    executions: 200,
    nowMs: () => 0,
    ...changes,
  });
}

describe('the torture', () => {
  it.each(TORTURE_NAMES)('finds nothing in %s', async (name) => {
    const { failure, executions, tally } = await tortured(tortureProgram(name), { executions: 5 });
    expect(failure).toBeUndefined();
    expect(executions).toBe(5);
    expect(tally.ages[0]! + tally.ages[1]!).toBeGreaterThan(20);
    expect(tally.oldest).toBeLessThanOrEqual(1);
  });

  it('makes the same execution of the same seed, and another of another', () => {
    const runs = [7, 7, 8].map((seed) => tortureRun(tortureProgram('per-cpu'), seed, 'weak'));
    const [first, again, other] = runs as [(typeof runs)[0], (typeof runs)[0], (typeof runs)[0]];
    expect(again.tally).toEqual(first.tally);
    expect(again.schedule).toBe(first.schedule);
    expect(other.schedule).not.toBe(first.schedule);
  });

  it('ends when its time is over, or when it is told to', async () => {
    let now = 0;
    const nowMs = (): number => (now += 1);
    const mb = tortureProgram('mb');
    const options = { executions: Infinity, timeMs: 3, nowMs };
    expect((await tortured(mb, options)).executions).toBe(2);
    const onExecution = (): boolean => true;
    expect((await tortured(mb, { onExecution })).executions).toBe(1);
  });
});

describe.each(BROKEN_TORTURES)(
  'where $words',
  ({ finds, memory = 'sc', seed: from = 1, broken, twin }) => {
    it(`the torture fails as ${finds}, and again from the seed and from the token`, async () => {
      const { failure } = await tortured(broken, { memory, seed: from, executions: 60 });
      expect(failure?.kind).toBe(finds);
      const { seed, token } = failure!;
      const again = { memory, seed, executions: 1 };
      expect((await tortured(broken, again)).failure).toEqual(failure);
      const script = decodeToken(token).decisions;
      expect((await tortured(broken, { ...again, script })).failure).toEqual(failure);
      expect((await tortured(twin, again)).failure).toBeUndefined();
    });
  },
);

describe('the stage', () => {
  it('takes every flavour under every model, from seeds of its own', () => {
    const cells = allTortures(1);
    expect(cells).toHaveLength(3 * TORTURE_NAMES.length);
    expect(new Set(cells.map(({ seed }) => seed)).size).toBe(cells.length);
  });

  it('complains of a torture that fails, and of one that did not look', async () => {
    const identity = { name: 'mb', memory: 'tso', seed: 1 } as const;
    const cell = (report: TortureReport) => ({ ...identity, report, timeMs: 0 });
    const report = await tortured(tortureProgram('mb'), { executions: 2 });
    expect(complaintsOf(cell(report))).toEqual([]);
    const blind = complaintsOf(cell({ ...report, executions: 300, schedules: 2 }));
    expect(blind).toContain('expected 300 different schedules in mb under tso, got 2');
    expect(blind.join()).toMatch(/expected in signal handlers in mb under tso, got none/);
    const failing = await tortured(BROKEN_TORTURES[0]!.broken);
    expect(complaintsOf(cell(failing))).toEqual([
      expect.stringMatching(/^too-short: /),
      expect.stringMatching(
        /^To see it again: rseqlab torture --flavour mb --memory tso --seed \d+ /,
      ),
    ]);
  });
});

describe('rseqlab torture', () => {
  it('prints how old what readers saw was', async () => {
    const args = ['torture', '--flavour', 'qsbr', '--executions', '3', '--seed', '5'];
    const { status, out, err } = await command(args);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/torture of qsbr: nothing was found in 3 executions \(tso, seed 5\)/);
    expect(out).toMatch(/schedules +3 different\n/);
    expect(out).toMatch(/age 0 +\d+\n {2}age 1 +\d+\n {2}age 2 +0\n/);
  });

  it('prints a row for each flavour and model', async () => {
    const args = ['torture', '--flavour', 'all', '--memory', 'all', '--executions', '1'];
    const { status, out } = await command(args);
    expect(status).toBe(0);
    const rows = out.split('\n').filter((line) => /│ (?:sc|tso|weak) +│ 1 /.test(line));
    expect(rows).toHaveLength(3 * TORTURE_NAMES.length);
  });

  it('prints JSON, the same for the same seed', async () => {
    const args = ['torture', '--executions', '2', '--json'];
    const [first, second] = [await command(args), await command(args)];
    expect(first.out).toBe(second.out);
    expect(JSON.parse(first.out)).toMatchObject({ outcome: 'nothing found', executions: 2 });
  });

  it('makes the execution of a token again', async () => {
    const { record, tally } = tortureRun(tortureProgram('memb'), 3, 'weak');
    const token = encodeToken({ scenario: 'torture/memb/weak/3', ...record() });
    const { status, out } = await command(['torture', '--token', token, '--json']);
    expect(status).toBe(0);
    const { flavour, memory, seed, ages } = JSON.parse(out) as Record<string, unknown>;
    expect({ flavour, memory, seed, ages }).toEqual({
      flavour: 'memb',
      memory: 'weak',
      seed: 3,
      ages: tally.ages,
    });
  });

  it.each([
    [['--flavour', 'hope'], /expected|Allowed choices/],
    [['--executions', '0'], /expected an integer from 1/],
    [['--seconds', 'x'], /expected an integer from 1/],
    [['--token', 'hope'], /expected a replay token/],
    [['--token', ofScenario()], /expected a token of a torture, got one of counter\.ts/],
  ])('refuses %j', async (options, says) => {
    const { status, err } = await command(['torture', ...options]);
    expect(status).toBe(2);
    expect(err).toMatch(says);
  });
});

/** A token of something else. */
function ofScenario(): string {
  const { record } = tortureRun(tortureProgram('mb'), 1, 'sc');
  return encodeToken({ scenario: 'counter.ts', ...record(), decisions: new Uint32Array(1) });
}
