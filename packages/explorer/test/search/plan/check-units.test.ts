import { describe, expect, it } from 'vitest';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import type { CheckOptions, CheckResult } from '../../../src/search/check.js';
import { checkUnits } from '../../../src/search/plan/check-units.js';
import type { PlannedUnit } from '../../../src/search/plan/search-plan.js';
import { placeUnits } from '../../../src/search/plan/shard.js';
import { UnitLedger } from '../../../src/search/plan/unit-ledger.js';
import { adding } from '../sampling/hunted-bugs.js';
import { rareValue } from '../spin/rare-value.js';
import { increment, load, scenarioOf, store } from '../straight-line.js';

const ignore = (): void => undefined;
const anew = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data)) as Data;

/** Does a check in units: `atOnce` are taken before the newest is done, each by a search of its own. */
function inUnits(checked: Scenario, options: CheckOptions, atOnce: number): CheckResult {
  const planner = checkUnits(checked, options);
  const ledger = new UnitLedger(placeUnits(anew(planner.plan())), planner.budget);
  const workers = Array.from({ length: atOnce }, () => checkUnits(checked, options));
  const taken: ReturnType<UnitLedger['take']>[] = [];
  while (!ledger.isComplete) {
    while (taken.length < atOnce) {
      const unit = ledger.take();
      if (unit === undefined) break;
      taken.push(unit);
    }
    const { path, work } = taken.pop()!;
    const before = anew(ledger.results().map(({ value }) => value));
    const worker = workers[path.length % atOnce]!;
    ledger.add(anew({ path, ...worker.perform(work, before, ignore) }));
  }
  return planner.merge(anew(ledger.results().map(({ value }) => value)));
}

const buffering = scenarioOf(
  [
    [store(0), load(1)],
    [store(1), load(0)],
  ],
  'tso',
);

describe.each<CheckOptions>([
  { search: 'graphs', kernelEvents: 1 },
  { search: 'states', kernelEvents: 1 },
  { search: 'classes', kernelEvents: 2 },
  { search: 'random', executions: 120 },
  { search: 'pct', executions: 60, seed: 7, kernelEvents: 1, deepen: true },
  { search: 'walk', executions: 70, kernelEvents: 1 },
])('a check in units by %j', (options) => {
  it.each([
    ['that holds', adding(true)],
    ['that fails', adding(false)],
    ['of store buffering', buffering],
  ])('of a scenario %s comes to the same however many units are at work', (_name, checked) => {
    const one = inUnits(checked, options, 1);
    expect(inUnits(checked, options, 3)).toEqual(one);
    const { executions: _executions, ...whole } = check(checked, options);
    const { executions: _inUnits, ...merged } = one;
    // Parts of a search by classes may be found empty, which takes executions.
    if (one.outcome !== 'fails') expect(merged).toEqual(whole);
    else expect(merged).toMatchObject({ outcome: 'fails', kernelEvents: whole.kernelEvents });
  });
});

/** A search by classes that is planned ahead, each unit done by a search of its own. */
function planned(checked: Scenario): CheckResult {
  const options = { search: 'classes', kernelEvents: 0 } as const;
  const units = checkUnits(checked, options);
  const values = units
    .plan('ahead')
    .map(({ work }) => checkUnits(checked, options).perform(work, [], ignore).value);
  return units.merge(values);
}

/** Three threads that wait for their number to come up. */
function ticketLock(): Scenario {
  return scenario({
    name: 'ticket lock',
    machine: { cpus: 3, maxThreads: 3, maxProcesses: 1, memoryBytes: 2 ** 22 },
    events: { preemption: false, migration: false },
    setup(lab) {
      const [next, serving] = [lab.process.allocate(4), lab.process.allocate(4)];
      for (let cpu = 0; cpu < 3; cpu++)
        lab.spawn(
          function* locking(t) {
            const own = yield* t.fetchAdd(next, 1);
            while ((yield* t.load(serving)) !== own);
            yield* t.store(serving, own + 1);
          },
          { cpu },
        );
    },
  });
}

/** Parts in which a value never comes up take a round of a thread for shorter than those in which it does. */
describe('a check in units of a thread whose rounds differ by a value that is rare', () => {
  it.each([0, 2])('comes to all classes, where that is the flag before it %i times', (before) => {
    const { executions: _executions, ...whole } = check(rareValue(before), { search: 'classes' });
    for (const atOnce of [1, 3]) {
      const { executions: _inUnits, ...merged } = inUnits(
        rareValue(before),
        { search: 'classes' },
        atOnce,
      );
      expect(merged).toEqual(whole);
    }
  });

  it('is refused where it was planned ahead, as nobody can begin again there', () => {
    expect(() => planned(rareValue(2))).toThrow(expect.objectContaining({ code: 'ERR_PLAN' }));
  });

  it('is not refused where values make no difference, though each part sees others', () => {
    const { executions: _executions, ...whole } = check(ticketLock(), { search: 'classes' });
    expect(planned(ticketLock())).toMatchObject(whole);
  });
});

describe('a check in units', () => {
  it('stops behind the unit that exceeds the limit on executions', () => {
    const limited = { search: 'classes', executions: 20, kernelEvents: 0 } as const;
    const wide = scenarioOf([[increment(0)], [increment(0)], [increment(0)], [increment(0)]], 'sc');
    const one = inUnits(wide, limited, 1);
    expect(one).toMatchObject({
      outcome: 'unknown',
      reason: 'the limit on executions or decisions',
    });
    expect(one.executions).toBeLessThan(60);
    expect(inUnits(wide, limited, 4)).toEqual(one);
  });

  it('is planned in the same way every time', () => {
    const plan = (): readonly PlannedUnit[] =>
      checkUnits(adding(false), { search: 'classes' }).plan();
    expect(plan().length).toBeGreaterThan(1);
    expect(plan()).toEqual(plan());
  });

  it('has weights that add up to one', () => {
    for (const search of ['classes', 'random', 'graphs'] as const) {
      const units = checkUnits(adding(true), { search }).plan();
      expect(units.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
    }
  });
});
