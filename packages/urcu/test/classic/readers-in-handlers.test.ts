import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { SignalNumber, getpid, gettid, sigaction, tgkill } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { CountedFlavour } from '../../src/classic/counted-flavour.js';
import { ReaderRegistry } from '../../src/classic/reader-registry.js';

type Reads = (t: Thread) => Operation<void>;

/** A thread whose handler reads, which a signal may interrupt anywhere in what it does. */
function interrupted(
  parts: (lab: Parameters<Scenario['setup']>[0]) => { readonly body: Reads; readonly reads: Reads },
): Scenario {
  return scenario({
    name: 'a handler that reads',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { process } = lab;
      const { body, reads } = parts(lab);
      const isReady = process.allocate(4);
      process.spawn(function* main(t) {
        yield* sigaction(t, SignalNumber.SIGUSR1, reads);
        yield* t.store(isReady, yield* gettid(t));
        yield* body(t);
      });
      process.spawn(function* sender(t) {
        const tid = yield* t.waitUntilNotEqual(isReady, 0);
        yield* tgkill(t, yield* getpid(t), tid, SignalNumber.SIGUSR1);
      });
    },
  });
}

describe('a signal handler that reads by bp, and so registers its thread', () => {
  it.each(['synchronize', 'readLock'] as const)('may interrupt %s at any step', (name) => {
    const result = check(
      interrupted(({ machine, process }) => {
        const rcu = CountedFlavour.create(machine, process, 'bp', { membarrier: false });
        const reads: Reads = function* (t) {
          yield* rcu.readUnlock(t, yield* rcu.readLock(t));
        };
        return { reads, body: name === 'synchronize' ? (t) => rcu.synchronize(t) : reads };
      }),
      { search: 'states' },
    );
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it('waits for ever for a lock that its own thread holds, if that does not keep signals off', () => {
    const result = check(
      interrupted(({ process }) => {
        const readers = new ReaderRegistry(process, 2);
        const record = process.allocate(8);
        const body: Reads = function* (t) {
          yield* readers.mutex.lock(t);
          yield* readers.mutex.unlock(t);
        };
        return { body, reads: (t) => readers.add(t, record) };
      }),
      { search: 'states' },
    );
    expect(result).toMatchObject({ outcome: 'fails', finding: { kind: 'deadlock' } });
  });
});
