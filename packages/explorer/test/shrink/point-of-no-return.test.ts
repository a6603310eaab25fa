import { Mutex, encodeDecision, DecisionKind } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import { pointOfNoReturn } from '../../src/shrink/point-of-no-return.js';
import { recordRun } from '../../src/trace/record-run.js';
import { LOSING_RUN, LOST_UPDATE } from '../trace/lost-update.js';

const LOCKS = scenario({
  name: 'two locks',
  machine: { cpus: 2 },
  events: { preemption: false, migration: false },
  setup(lab) {
    const locks = [Mutex.create(lab.process), Mutex.create(lab.process)] as const;
    for (const [first, second] of [locks, [locks[1], locks[0]] as const])
      lab.spawn(function* locker(t) {
        yield* first.lock(t);
        yield* second.lock(t);
        yield* second.unlock(t);
        yield* first.unlock(t);
      });
  },
});

describe('the point of no return', () => {
  it('of a lost update is the load of a value that the other then overwrites', () => {
    const point = pointOfNoReturn(LOST_UPDATE, LOSING_RUN)!;
    expect(point.isExact).toBe(true);
    const { rows } = recordRun(LOST_UPDATE, LOSING_RUN);
    // T0 has loaded 0. Once T1 has loaded 0 as well, one of the two adds is lost.
    expect(rows.find(({ index }) => index === point.decision)).toMatchObject({
      thread: 1,
      text: 'load32',
      accesses: [{ value: 0 }],
    });
  });

  it('of two locks in opposite order is when each has one', () => {
    const { decisions } = check(LOCKS);
    const run = { decisions: decisions!, scheduling: 'free', granularity: 'access' } as const;
    const point = pointOfNoReturn(LOCKS, run)!;
    const { rows } = recordRun(LOCKS, run);
    expect(point.isExact).toBe(true);
    expect(rows.find(({ index }) => index === point.decision)).toMatchObject({
      text: 'compareExchange',
      accesses: [{ value: 0, result: 1 }],
    });
    const taken = rows.filter(
      ({ index, accesses: [access] }) =>
        index !== undefined &&
        index <= point.decision &&
        access?.kind === 'atomic' &&
        access.result === 1,
    );
    expect(new Set(taken.map(({ thread }) => thread))).toEqual(new Set([0, 1]));
  });

  it('is before the first decision where every execution fails', () => {
    const always = scenario({
      name: 'always',
      machine: { cpus: 1 },
      setup(lab) {
        const word = lab.process.allocate(4);
        lab.spawn((t) => t.store(word, 1));
      },
      check: (_state, lab) => lab.expect(false, 'nothing'),
    });
    const { decisions } = check(always);
    expect(
      pointOfNoReturn(always, {
        decisions: decisions!,
        scheduling: 'free',
        granularity: 'access',
      }),
    ).toMatchObject({ decision: -1, isExact: true });
  });

  it('is said to be uncertain where the limit on runs came first', () => {
    expect(pointOfNoReturn(LOST_UPDATE, LOSING_RUN, { executions: 2 })).toMatchObject({
      isExact: false,
      executions: 2,
    });
  });

  it('is not looked for in a run that no search can go on from', () => {
    const timed = {
      scheduling: 'policy',
      granularity: 'instruction',
      decisions: Uint32Array.of(encodeDecision(DecisionKind.Step, 0, 100)),
    } as const;
    expect(pointOfNoReturn(LOST_UPDATE, timed)).toBeUndefined();
  });
});
