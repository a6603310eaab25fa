import { describe, expect, it } from 'vitest';
import { RcuDomain } from '@rseqlab/urcu';
import type { RcuFlavour } from '@rseqlab/urcu';
import { command } from '../captured-io.js';
import { TORTURE_FLAVOURS, TORTURE_FLAVOUR_NAMES } from '../../src/torture/torture-flavours.js';
import type { TortureFlavour } from '../../src/torture/torture-flavours.js';
import { torture } from '../../src/torture/torture.js';
import type { TortureOptions, TortureReport } from '../../src/torture/torture.js';

function tortured(
  make: TortureFlavour,
  changes: Partial<TortureOptions> = {},
): Promise<TortureReport> {
  return torture(make, {
    seed: 1,
    memory: 'tso',
    executions: 200,
    timeMs: Infinity,
    nowMs: () => 0,
    ...changes,
  });
}

/** A domain that is broken in one place. */
function broken(change: (domain: RcuDomain) => void): TortureFlavour {
  return (machine, process): RcuFlavour => {
    const domain = RcuDomain.create(machine, process);
    change(domain);
    return domain;
  };
}

describe('the torture', () => {
  it.each(TORTURE_FLAVOUR_NAMES)('finds nothing in %s', async (flavour) => {
    const report = await tortured(TORTURE_FLAVOURS[flavour], { executions: 3 });
    expect(report.failure).toBeUndefined();
    expect(report.executions).toBe(3);
    expect(report.ages[0]! + report.ages[1]!).toBeGreaterThan(20);
    expect(report.ages.slice(2).every((count) => count === 0)).toBe(true);
  });

  it('finds elements that are too old where grace periods do not wait', async () => {
    const lazy = broken((domain) => {
      domain.synchronize = function* synchronize(t) {
        yield* t.fence();
      };
    });
    const report = await tortured(lazy);
    expect(report.failure).toMatchObject({ kind: 'too-short' });
    const again = await tortured(lazy, { seed: report.failure!.seed, executions: 1 });
    expect(again.failure).toEqual(report.failure);
  });

  it('finds updaters that are stuck where an unlock is lost', async () => {
    const forgetful = broken((domain) => {
      domain.readUnlock = function* readUnlock(t) {
        yield* t.fence();
      };
    });
    const { failure } = await tortured(forgetful);
    expect(failure).toMatchObject({ kind: 'stuck', seed: 1 });
  });

  it('ends when its time is over, or when it is told to', async () => {
    let now = 0;
    const nowMs = (): number => (now += 1);
    const options = { executions: Infinity, timeMs: 3, nowMs };
    expect((await tortured(TORTURE_FLAVOURS.mb, options)).executions).toBe(2);
    const onExecution = (): boolean => true;
    expect((await tortured(TORTURE_FLAVOURS.mb, { onExecution })).executions).toBe(1);
  });
});

describe('rseqlab torture', () => {
  it('prints how old what readers saw was', async () => {
    const args = ['torture', '--flavour', 'qsbr', '--executions', '3', '--seed', '5'];
    const { status, out, err } = await command(args);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/torture of qsbr: nothing was found in 3 executions \(tso, seed 5\)/);
    expect(out).toMatch(/age 0 +\d+\n {2}age 1 +\d+\n {2}age 2 +0\n/);
  });

  it('prints JSON, the same for the same seed', async () => {
    const args = ['torture', '--executions', '2', '--json'];
    const [first, second] = [await command(args), await command(args)];
    expect(first.out).toBe(second.out);
    expect(JSON.parse(first.out)).toMatchObject({ outcome: 'nothing found', executions: 2 });
  });

  it.each([
    [['--flavour', 'hope'], /expected|Allowed choices/],
    [['--executions', '0'], /expected an integer from 1/],
    [['--seconds', 'x'], /expected an integer from 1/],
  ])('refuses %j', async (options, says) => {
    const { status, err } = await command(['torture', ...options]);
    expect(status).toBe(2);
    expect(err).toMatch(says);
  });
});
