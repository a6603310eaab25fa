// A cache in shared memory: one process replaces entries, others look them up under RCU. One of those
// is killed in the middle of a look-up, and nobody waits for it.
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { SignalNumber, kill, pause } from '@rseqlab/sim-machine';
import { SharedRcuDomain } from '@rseqlab/urcu';

/** The cache in shared memory: offset of the present entry, then room for two entries of two words. */
const Cache = { present: 0, entries: [64, 128], bytes: 192 } as const;

/** What memory of an entry that is not in use holds. */
const FREED = -1;

const GENERATIONS = 12;
const LOOK_UPS = 40;

export default scenario({
  name: 'a cache that several processes share',
  machine: { cpus: 3, kernel: [rseq()], maxThreads: 4, maxProcesses: 4 },
  setup(lab) {
    const { machine } = lab;
    const region = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine));
    const memory = machine.createSharedMemory(Cache.bytes);
    const [first, second, doomed] = ['first', 'second', 'doomed'].map((name) =>
      machine.createProcess(name),
    );
    const members = [lab.process, first!, second!, doomed!].map((process) => ({
      process,
      // Soon, since somebody will die.
      rcu: SharedRcuDomain.attach(machine, process, region, { checkNs: 10_000 }),
      cache: process.mapShared(memory),
    }));
    const [server, ...readers] = members as [(typeof members)[0], ...typeof members];
    lab.process.write32(server.cache, Cache.entries[0]);

    lab.spawn(function* serve(t) {
      const { rcu, cache } = server;
      yield* rcu.join(t);
      // Until the one that will die is in the middle of it.
      while (rcu.report().readers.every(({ pid }) => pid !== doomed!.pid)) yield* t.fence();
      yield* kill(t, doomed!.pid, SignalNumber.SIGKILL);
      for (let generation = 1; generation <= GENERATIONS; generation++) {
        const [old, fresh] = [generation - 1, generation].map((n) => Cache.entries[n % 2]!);
        yield* t.store(cache + fresh!, generation);
        yield* t.store(cache + fresh! + 4, generation * generation);
        yield* t.storeRelease(cache + Cache.present, fresh!);
        yield* rcu.synchronize(t);
        yield* t.store(cache + old!, FREED);
        yield* t.store(cache + old! + 4, FREED);
      }
      yield* rcu.leave(t);
    });

    for (const { process, rcu, cache } of readers)
      process.spawn(function* look(t) {
        yield* rcu.join(t);
        for (let n = 0; n < LOOK_UPS; n++) {
          const section = yield* rcu.readLock(t);
          const entry = cache + (yield* t.loadAcquire(cache + Cache.present));
          if (process === doomed) yield* pause(t);
          const [key, value] = [yield* t.load(entry), yield* t.load(entry + 4)];
          lab.expectEqual(value, key * key, 'the value of an entry', t);
          yield* rcu.readUnlock(t, section);
        }
        yield* rcu.leave(t);
      });
    return { rcu: server.rcu, pid: doomed!.pid };
  },
  check({ rcu, pid }, lab) {
    const { deaths, readers, processes } = rcu.report();
    lab.expectEqual(JSON.stringify(deaths), JSON.stringify([{ pid, lost: [1, 0] }]), 'the deaths');
    lab.expectEqual(readers.length + processes.length, 0, 'who is left');
  },
});
