import { describe, expect, it } from 'vitest';
import { DequeueReason, EnqueueReason } from '../../../src/kernel/sched/run-queues.js';
import { MachineFixture } from './machine-fixture.js';

/** Tree nodes looked at for one wake-up, pick, charge and sleep, with this many others queued. */
function visitsPerRound(threads: number): number {
  const machine = new MachineFixture({ threads: threads + 1 });
  const { queues } = machine;
  const tree = queues.fair?.tree;
  if (tree === undefined) throw new Error('the fixture is ordered');
  for (let thread = 0; thread < threads; thread++) machine.fair(thread, 0, (thread % 40) - 20);
  queues.attach(threads, 0, 0, 0);
  const rounds = 2000;
  const before = tree.visits;
  for (let round = 0; round < rounds; round++) {
    queues.enqueue(0, threads, EnqueueReason.Wakeup);
    const next = queues.pickNext(0, -1);
    queues.setNext(next);
    queues.tick(0, next, 100_000 + ((round * 7919) % 3_000_000));
    queues.dequeue(0, threads, DequeueReason.Sleep);
  }
  return (tree.visits - before) / rounds;
}

describe('the work of the ordered queues', () => {
  it('grows with the logarithm of the number of threads', () => {
    const few = visitsPerRound(10);
    const many = visitsPerRound(10_000);
    // A thousand times as many threads: log2 grows by 10; five descents and climbs a round.
    expect(many - few).toBeLessThan(5 * 2 * 10);
    expect(many).toBeLessThan(120);
  });
});
