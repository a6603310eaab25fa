import { describe, expect, it } from 'vitest';
import { WorkPool } from '../../../../src/search/states/together/work-pool.js';

/** Two who take turns in one thread. */
function pair(): [WorkPool, WorkPool] {
  const memory = WorkPool.memory(2);
  return [0, 1].map(() => {
    const pool = new WorkPool(memory, 2);
    pool.lanes = 2;
    pool.waits = false;
    return pool;
  }) as [WorkPool, WorkPool];
}

describe('a pool of work', () => {
  it('hands work over to who has none, once', () => {
    const [a, b] = pair();
    expect(a.isWanted).toBe(false);
    expect(b.fetch()).toBeUndefined();
    expect([a.isWanted, b.isHungry]).toEqual([true, true]);
    expect(a.leave(Int32Array.of(1, 2, 3, 4))).toBe(true);
    expect([a.isWanted, a.leave(Int32Array.of(5, 6))]).toEqual([false, false]);
    expect(b.fetch()).toEqual(Int32Array.of(1, 2, 3, 4));
    expect([b.isHungry, b.count]).toEqual([false, 0]);
  });

  it('is told that somebody who has no work has left, until the next round', () => {
    const [a, b] = pair();
    b.fetch();
    expect([a.isLeft, a.isStopped]).toEqual([true, false]);
    a.isStopped = true;
    expect(b.isStopped).toBe(true);
    a.begin();
    expect([b.isLeft, b.isStopped, b.isHungry]).toEqual([false, false, true]);
  });

  it('adds up executions of all', () => {
    const [a, b] = pair();
    expect([a.addExecutions(3), b.addExecutions(4), a.addExecutions(0)]).toEqual([3, 7, 7]);
  });
});
