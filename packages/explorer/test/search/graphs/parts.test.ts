import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { futexWait, futexWake } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import { GraphSearch } from '../../../src/search/graphs/graph-search.js';
import type { GraphNotes } from '../../../src/search/graphs/graph-unit.js';
import { mergeGraphs } from '../../../src/search/graphs/merge-graphs.js';
import { UNBOUNDED } from '../../../src/search/schedule-bounds.js';
import { checkUnits } from '../../../src/search/plan/check-units.js';
import { placeUnits } from '../../../src/search/plan/shard.js';
import { UnitLedger } from '../../../src/search/plan/unit-ledger.js';
import { seqlock } from '../stateless/programs/seqlock.js';
import { scenarioFor } from '../stateless/programs/shared-words.js';
import { fetchAdd, increment, load, scenarioOf, store } from '../straight-line.js';
import type { Access } from '../straight-line.js';

const SMALL = { memoryBytes: 2 ** 22 };
const GRAPHS = { search: 'graphs', machine: SMALL } as const;
const ignore = (): void => undefined;
const anew = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data)) as Data;

/** Checks in units, as many at a time as there are workers, which end in the order of `turns`. */
function inUnits(checked: Scenario, workers: number, turns: readonly number[]) {
  const units = checkUnits(checked, GRAPHS);
  const ledger = new UnitLedger(placeUnits(anew(units.plan())), units.budget);
  const atWork: NonNullable<ReturnType<UnitLedger['take']>>[] = [];
  for (let turn = 0; !ledger.isComplete; turn++) {
    while (atWork.length < workers) {
      const unit = ledger.take();
      if (unit === undefined) break;
      atWork.push(unit);
    }
    const [{ path, work }] = atWork.splice((turns[turn] ?? 0) % atWork.length, 1) as [
      (typeof atWork)[0],
    ];
    ledger.add(anew({ path, ...units.perform(work, [], ignore) }));
  }
  return units.merge(anew(ledger.results().map(({ value }) => value)));
}

/** Threads in front of a futex, more of them than CPUs: which one begins and which one wakes is open. */
function sleepers(wakes: boolean): Scenario {
  return scenario({
    name: 'sleepers',
    machine: { cpus: 2, maxThreads: 4, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup({ process }) {
      const door = process.allocate(64);
      const done = process.allocate(64);
      for (let i = 0; i < 3; i++)
        process.spawn(
          function* sleeper(t) {
            yield* futexWait(t, door, 0);
            yield* t.fetchAdd(done, 1);
          },
          { cpu: i % 2 },
        );
      process.spawn((t) => waking(t, door, wakes ? 2 : 1), { cpu: 1 });
    },
  });
}

function* waking(t: Thread, door: number, count: number): Operation<void> {
  yield* t.store(door, 1);
  yield* futexWake(t, door, count);
}

const x = fc.nat(1);
const access: fc.Arbitrary<Access> = fc.oneof(
  x.map(load),
  x.map((at) => store(at)),
  x.map(increment),
  x.map(fetchAdd),
);
const program = fc.array(fc.array(access, { minLength: 1, maxLength: 2 }), {
  minLength: 2,
  maxLength: 3,
});

describe.each(['sc', 'tso'] as const)('a search for graphs under %s, in units', (memory) => {
  it('comes to exactly what one comes to that is not cut, whoever does which unit when', () => {
    fc.assert(
      fc.property(
        program,
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.nat(2)),
        (threads, workers, turns) => {
          const checked = scenarioOf(threads, memory);
          expect(inUnits(checked, workers, turns)).toEqual(check(checked, GRAPHS));
        },
      ),
      { numRuns: memory === 'sc' ? 12 : 5 },
    );
  });

  it('can be cut again wherever a unit turns out to be long', () => {
    const checked = scenarioFor(seqlock(2), memory);
    const limits = { ...UNBOUNDED, executions: 100_000, decisions: 1000 };
    const search = new GraphSearch(checked, SMALL);
    const met: GraphNotes[] = [];
    const open = search.plan(limits, 1);
    for (let unit = open.pop(); unit !== undefined; unit = open.pop()) {
      const { end, notes } = search.run(unit, limits, 40, ignore);
      if (end === 'all') met.push(notes);
      else open.push(...search.plan(limits, 4, anew(unit)));
    }
    expect(met.length).toBeGreaterThan(4);
    const { outcome: _outcome, ...whole } = check(checked, GRAPHS);
    expect(mergeGraphs(met, Infinity)).toEqual({ end: 'all', ...whole });
  });
});

describe('a search for graphs in units', () => {
  it.each([
    ['that all wake', sleepers(true)],
    ['of which one may sleep for ever', sleepers(false)],
  ])('answers every question once, and counts those who wait: sleepers %s', (_name, checked) => {
    const whole = check(checked, GRAPHS);
    expect(whole.blocked).toBeGreaterThan(0);
    expect(inUnits(checked, 2, [1, 0, 1])).toEqual(whole);
  });

  it('tells the finding that a search tells which is not cut, with its counts', () => {
    const racy = scenario({
      ...scenarioOf([[increment(0)], [increment(0)], [increment(0)]], 'sc'),
      check: ({ at }: { at: (location: number) => number }, lab) =>
        lab.expectEqual(lab.process.read32(at(0)), 3, 'the sum'),
    });
    const whole = check(racy, GRAPHS);
    expect(whole.outcome).toBe('fails');
    expect(inUnits(racy, 3, [2, 1])).toEqual(whole);
  });

  it('gives up at the limit on executions where one does that is not cut', () => {
    const wide = scenarioOf([[increment(0)], [increment(0)], [increment(0)]], 'sc');
    const limited = { ...GRAPHS, executions: 7 };
    const units = checkUnits(wide, limited);
    const values = units.plan().map(({ work }) => units.perform(work, [], ignore).value);
    expect(units.merge(values)).toEqual(check(wide, limited));
  });

  it('can be planned ahead where it is known what conflicts, and be cut at all within no other bounds', () => {
    const checked = scenarioOf([[increment(0)], [increment(0)]], 'sc');
    const eventful = { ...checked, events: { preemption: true } };
    const weak = { search: 'graphs', machine: { memory: 'weak' } } as const;
    expect(checkUnits(checked, GRAPHS).plan('ahead').length).toBeGreaterThan(1);
    expect(
      checkUnits(eventful, { ...GRAPHS, kernelEvents: 0 }).plan('ahead').length,
    ).toBeGreaterThan(1);
    const refused = expect.objectContaining({ code: 'ERR_OPTION' }) as unknown;
    expect(() => checkUnits(eventful, GRAPHS).plan('ahead')).toThrow(refused);
    expect(() => checkUnits(checked, weak).plan('ahead')).toThrow(refused);
    expect(checkUnits(checked, { ...GRAPHS, preemptions: 1 }).canBeCut).toBe(false);
    expect(checkUnits(checked, { search: 'states' }).canBeCut).toBe(false);
  });
});
