import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import { Errno, Machine, RandomDirector, TimedDirector } from '@rseqlab/sim-machine';
import type { Director } from '@rseqlab/sim-machine';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { QUEUE_NODE_BYTES, RcuLfQueue } from '../../src/structures/rcu-lf-queue.js';

function queueOf(director: Director, dummies?: number) {
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, director);
  const process = machine.createProcess('main');
  const rcu = RcuDomain.create(machine, process);
  const deferred = CallRcu.create(machine, process, rcu);
  const queue = RcuLfQueue.create(process, deferred, dummies);
  return { machine, process, rcu, deferred, queue };
}

describe('a lock-free queue', () => {
  it('gives nodes back in order, and is empty in between', () => {
    const { machine, process, rcu, deferred, queue } = queueOf(new TimedDirector());
    const nodes = Array.from({ length: 3 }, () => process.allocate(QUEUE_NODE_BYTES));
    const seen: number[] = [];
    deferred.spawnWorkers();
    process.spawn(function* user(t) {
      const section = yield* rcu.readLock(t);
      seen.push(yield* queue.dequeue(t, section));
      for (const node of nodes) yield* queue.enqueue(t, section, node);
      seen.push(yield* queue.destroy(t));
      for (let n = 0; n < 4; n++) seen.push(yield* queue.dequeue(t, section));
      seen.push(yield* queue.destroy(t));
      yield* rcu.readUnlock(t, section);
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(seen).toEqual([0, -Errno.EPERM, ...nodes, 0, 0]);
  });

  it.each([1, 2, 3, 4, 5])('loses and doubles nothing under random schedules, seed %i', (seed) => {
    const { machine, process, rcu, deferred, queue } = queueOf(new RandomDirector({ seed }), 12);
    const taken: number[] = [];
    const nodes = Array.from({ length: 8 }, () => process.allocate(QUEUE_NODE_BYTES));
    const left = process.allocate(4);
    process.write32(left, 2);
    deferred.spawnWorkers();
    for (const half of [0, 1])
      process.spawn(function* user(t) {
        for (let n = 0; n < 4; n++) {
          const section = yield* rcu.readLock(t);
          yield* queue.enqueue(t, section, nodes[half * 4 + n]!);
          const node = yield* queue.dequeue(t, section);
          yield* rcu.readUnlock(t, section);
          if (node !== 0) taken.push(node);
        }
        if ((yield* t.fetchAdd(left, -1)) === 1) yield* deferred.stop(t);
      });
    expect(machine.run().outcome).toBe('finished');
    expect([...taken].sort()).toEqual([...nodes].sort());
  });

  it('refuses to go on when all dummies wait for a grace period', () => {
    const { machine, process, rcu, queue } = queueOf(new TimedDirector(), 2);
    const node = process.allocate(QUEUE_NODE_BYTES);
    const codes: unknown[] = [];
    process.spawn(function* user(t) {
      const section = yield* rcu.readLock(t);
      try {
        for (let n = 0; n < 4; n++) {
          yield* queue.enqueue(t, section, node);
          yield* queue.dequeue(t, section);
        }
      } catch (error) {
        codes.push((error as { code?: unknown }).code);
      }
    });
    machine.run();
    expect(codes).toEqual(['ERR_CAPACITY']);
  });
});
