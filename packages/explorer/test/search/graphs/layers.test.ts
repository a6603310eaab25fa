import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../src/scenario.js';
import { Claims } from '../../../src/search/claims.js';
import { check } from '../../../src/search/check.js';
import type { CheckOptions, CheckResult } from '../../../src/search/check.js';
import { checkUnits } from '../../../src/search/plan/check-units.js';
import { placeUnits } from '../../../src/search/plan/shard.js';
import { UnitLedger } from '../../../src/search/plan/unit-ledger.js';
import type { PlacedResult, PlacedUnit } from '../../../src/search/plan/unit-ledger.js';
import { randomPrograms, scenarioOf as sectionsOf } from '../states/random-sections.js';
import type { RandomProgram } from '../states/random-sections.js';
import { KEPT, NOT_KEPT, counting } from '../states/state-scenarios.js';
import { increment, load, scenarioOf, store } from '../straight-line.js';

const SMALL = { memoryBytes: 2 ** 22 };
const GRAPHS: CheckOptions = { search: 'graphs', machine: SMALL };
const ignore = (): void => undefined;
const anew = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data)) as Data;

/** Who does the units, and what becomes of them. */
interface Work {
  readonly workers: number;
  /** Which of those at work ends next. */
  readonly turns: readonly number[];
  /** Units whose worker dies before it tells what it met, counted as they are begun. */
  readonly dies?: (unit: number) => boolean;
  /** Units after which all is interrupted, and goes on with new claims from what was kept. */
  readonly stopsAfter?: number;
}

/** A check in units by workers that share claims alone. */
function inUnits(checked: Scenario, options: CheckOptions, work: Work): CheckResult {
  const results: PlacedResult[] = [];
  const { stopsAfter = Infinity } = work;
  if (stopsAfter !== Infinity) doUnits(checked, options, work, results, stopsAfter);
  return doUnits(checked, options, work, results, Infinity)!;
}

function doUnits(
  checked: Scenario,
  options: CheckOptions,
  { workers, turns, dies = () => false }: Work,
  results: PlacedResult[],
  most: number,
): CheckResult | undefined {
  const memory = Claims.memory(2 ** 14);
  const crew = Array.from({ length: workers }, () => {
    const claims = new Claims(memory);
    return { claims, units: checkUnits(checked, options, claims) };
  });
  const { units } = crew[0]!;
  const ledger = new UnitLedger(placeUnits(anew(units.plan())), units.budget);
  for (const result of anew(results)) ledger.add(result);
  units.recall(ledger.results().map(({ value }) => value));
  let ticket = 0;
  let begun: (PlacedUnit & { readonly lane: number })[] = [];
  for (let turn = 0; !ledger.isComplete; turn++) {
    if (results.length >= most) return undefined;
    for (let lane = 0; lane < workers; lane++) {
      if (begun.some((unit) => unit.lane === lane)) continue;
      const unit = ledger.take();
      if (unit !== undefined) begun.push({ ...unit, lane });
    }
    const { path, work, waits, lane } = begun[(turns[turn] ?? 0) % begun.length]!;
    const before = waits === true ? ledger.results().map(({ value }) => value) : [];
    for (let dead = true; dead;) {
      const { claims, units: own } = crew[lane]!;
      claims.begin(++ticket);
      const result = anew({ path, ...own.perform(work, before, ignore) });
      dead = dies(ticket);
      if (dead) claims.revoke(ticket);
      else {
        ledger.add(result);
        results.push(result);
      }
    }
    begun = begun.filter((unit) => unit.path !== path);
  }
  return units.merge(anew(ledger.results().map(({ value }) => value)));
}

const access = fc.oneof(
  fc.nat(1).map(load),
  fc.nat(1).map((at) => store(at)),
  fc.nat(1).map(increment),
);
const weakProgram = fc.array(fc.array(access, { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 2,
});
const work: fc.Arbitrary<Work> = fc.record({
  workers: fc.integer({ min: 1, max: 3 }),
  turns: fc.array(fc.nat(2)),
});

/** Holds, has paths with any number of kernel events, and is cut. */
const SHARING: RandomProgram = {
  threads: [1, 2].map(() => [
    { does: 'section', body: [{ does: 'load', at: ['shared', 1] }], commits: ['shared', 1] },
    { does: 'add', at: ['shared', 1] },
  ]),
  cpus: 2,
  expected: 0,
};

/** Asks who is next in the same state behind steps that began in different ones. */
const ASKING: RandomProgram = {
  threads: [[{ does: 'load', at: ['shared', 0] }], [{ does: 'yield' }], [{ does: 'yield' }]],
  cpus: 1,
  expected: 0,
};

describe('a search for graphs in units that leave states to each other', () => {
  it('comes to what one comes to that is not cut, for programs with sections and kernel events', () => {
    let [cut, events] = [0, 0];
    fc.assert(
      fc.property(randomPrograms, fc.nat(2), work, (program, kernelEvents, how) => {
        const checked = sectionsOf(program, { profile: 'v6.1' }, new Set());
        const whole = check(checked, { ...GRAPHS, kernelEvents });
        if (whole.executions > 100) cut += 1;
        events = Math.max(events, whole.kernelEvents);
        expect(inUnits(checked, { ...GRAPHS, kernelEvents }, how)).toEqual(whole);
      }),
      {
        numRuns: 8,
        examples: [
          [SHARING, 2, { workers: 2, turns: [1, 0, 1] }],
          [ASKING, 0, { workers: 1, turns: [] }],
        ],
      },
    );
    expect(cut).toBeGreaterThan(0);
    expect(events).toBe(2);
  });

  it('comes to it under the weak model', () => {
    fc.assert(
      fc.property(weakProgram, work, (program, how) => {
        const checked = scenarioOf(program, 'weak');
        expect(inUnits(checked, GRAPHS, how)).toEqual(check(checked, GRAPHS));
      }),
      { numRuns: 8 },
    );
  });

  it.each([...KEPT, ...NOT_KEPT].map((one) => [one.name, one] as const))(
    'comes to it for "%s"',
    (_name, checked) => {
      const options = { ...GRAPHS, kernelEvents: 1 };
      const how = { workers: 3, turns: [2, 1, 0, 1, 2, 2, 0] };
      expect(inUnits(checked, options, how)).toEqual(check(checked, options));
    },
  );
});

describe('units that leave states to each other', () => {
  const checked = scenarioOf(
    [
      [increment(0), load(1)],
      [increment(0), store(1)],
    ],
    'weak',
  );
  const racing = {
    ...scenarioOf([[increment(0)], [increment(0)], [increment(0)]], 'sc'),
    events: {},
  };
  const options = { ...GRAPHS, kernelEvents: 2 };

  it('are done again by others where a worker dies over them', () => {
    for (const [program, limits] of [
      [checked, GRAPHS],
      [racing, options],
    ] as const) {
      const dies = (ticket: number): boolean => ticket % 3 === 1;
      const died = inUnits(program, limits, { workers: 2, turns: [1, 0, 1], dies });
      expect(died).toEqual(check(program, limits));
    }
  });

  it.each([1, 2, 7])('go on from what was kept of %d of them', (stopsAfter) => {
    const how = { workers: 2, turns: [1, 1, 0], stopsAfter };
    expect(inUnits(racing, options, how)).toEqual(check(racing, options));
    expect(inUnits(checked, GRAPHS, how)).toEqual(check(checked, GRAPHS));
  });

  it('execute together no more than a search that is not cut', () => {
    const counter = counting(2, 2);
    const claims = new Claims(Claims.memory(2 ** 14));
    const units = checkUnits(counter, options, claims);
    const ledger = new UnitLedger(placeUnits(units.plan()), units.budget);
    let executions = 0;
    for (let unit = ledger.take(); unit !== undefined; unit = ledger.take()) {
      const before = ledger.results().map(({ value }) => value);
      const outcome = units.perform(unit.work, before, ignore);
      executions += outcome.cost ?? 0;
      ledger.add({ ...outcome, path: unit.path });
    }
    expect(ledger.done).toBeGreaterThan(10);
    expect(executions).toBe(check(counter, options).executions);
  });

  it('are given up for a search of everything where claims are full', () => {
    const claims = new Claims(Claims.memory(2 ** 3));
    const units = checkUnits(racing, options, claims);
    const [first] = units.plan();
    const { rest } = units.perform(first!.work, [], ignore);
    expect(rest?.map((unit) => unit.work)).toEqual(['everything']);
  });
});
