import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { SignalNumber, getpid, gettid, sigaction, tgkill } from '@rseqlab/sim-machine';
import type { EventAllowance, MemoryModelName } from '@rseqlab/sim-machine';
import { GracePeriodFutex } from '../../src/classic/grace-period-futex.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';

/** An updater that has to sleep for a reader, on two CPUs. */
function sleeping(events: EventAllowance, memory: MemoryModelName): Scenario {
  return scenario({
    name: 'an updater that sleeps',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()], memory },
    events: { preemption: false, migration: false, ...events },
    setup(lab) {
      const domain = RcuDomain.create(lab.machine, lab.process);
      lab.spawn(function* reader(t) {
        yield* domain.readUnlock(t, yield* domain.readLock(t));
      });
      lab.spawn(function* updater(t) {
        yield* domain.synchronize(t);
      });
    },
  });
}

describe('a grace period that sleeps is woken', () => {
  it.each<[string, EventAllowance, MemoryModelName, number]>([
    ['though it was woken for no reason', { spuriousWakes: true }, 'tso', 1],
    ['though it was woken for no reason twice', { spuriousWakes: true }, 'sc', 2],
  ])('%s', (_, events, memory, kernelEvents) => {
    const result = check(sleeping(events, memory), { search: 'states', kernelEvents });
    expect(result.finding).toBeUndefined();
    expect(result).toMatchObject({ blocked: 0, kernelEvents });
  });
});

describe('a sleeper whose sleep a signal interrupts', () => {
  it('sleeps on, and is woken in the end', () => {
    let handled = 0;
    const result = check(
      scenario({
        name: 'an updater that is interrupted',
        machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
        events: { preemption: false, migration: false },
        setup({ process }) {
          const futex = new GracePeriodFutex(process);
          const [isReady, inside] = [process.allocate(4), process.allocate(4)];
          process.write32(inside, 1);
          process.spawn(function* updater(t) {
            yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(h) {
              handled += 1;
              yield* h.fence();
            });
            yield* t.store(isReady, yield* gettid(t));
            for (;;) {
              yield* futex.announce(t);
              if ((yield* t.load(inside)) === 0) break;
              yield* futex.sleep(t);
            }
            yield* futex.withdraw(t);
          });
          process.spawn(function* reader(t) {
            const tid = yield* t.waitUntilNotEqual(isReady, 0);
            yield* tgkill(t, yield* getpid(t), tid, SignalNumber.SIGUSR1);
            yield* t.store(inside, 0);
            yield* t.fence();
            if ((yield* t.load(futex.address)) === -1) yield* futex.wake(t);
          });
        },
      }),
    );
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
    expect(handled).toBeGreaterThan(0);
  });
});
