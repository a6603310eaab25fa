import { scenario } from '@rseqlab/explorer';
import { Mutex } from '@rseqlab/sim-machine';
import { CallRcuQueue, RCU_HEAD_BYTES } from '../../src/deferred/call-rcu-queue.js';
import { Completion } from '../../src/deferred/completion.js';
import type { KnownBug } from './known-bug.js';

/**
 * A worker is freed: its queue is looked at before the list of queues is locked. What a barrier puts
 * into it in between is lost with it.
 */
export const freedWorker: KnownBug = {
  name: 'rcu_barrier loses a callback when a worker is freed',
  happenedIn: 'userspace-rcu 51b98c3',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'deadlock', message: /T0 freer/ },
  scenario: (isBroken) =>
    scenario({
      name: 'a barrier while a worker is freed',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
      setup({ process }) {
        const remaining = new CallRcuQueue(process);
        const freed = new CallRcuQueue(process);
        const list = Mutex.create(process);
        const isListed = process.allocate(4);
        process.write32(isListed, 1);
        const completion = Completion.create(process);
        const heads = process.allocate(2 * RCU_HEAD_BYTES);
        process.spawn(function* freer(t) {
          if (!isBroken) yield* list.lock(t);
          yield* remaining.fresh.splice(t, freed.fresh);
          if (isBroken) yield* list.lock(t);
          yield* t.store(isListed, 0);
          yield* list.unlock(t);
          // From here on it is the worker of the queue that remains.
          yield* remaining.futex.announce(t);
          for (;;) {
            while ((yield* remaining.fresh.dequeue(t)) !== 0) yield* completion.complete(t);
            if (yield* remaining.isStopped(t)) break;
            yield* remaining.futex.sleep(t);
            yield* remaining.futex.announce(t);
          }
        });
        process.spawn(function* barrier(t) {
          yield* list.lock(t);
          const queues = (yield* t.load(isListed)) === 1 ? [remaining, freed] : [remaining];
          yield* completion.expect(t, queues.length);
          for (const [n, queue] of queues.entries())
            yield* queue.add(t, heads + n * RCU_HEAD_BYTES);
          yield* list.unlock(t);
          yield* completion.wait(t);
          yield* remaining.stop(t);
        });
      },
    }),
};
