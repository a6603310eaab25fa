import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';

const POISON = 0x5a5a5a5a;

/** When the thread that hands its section over leaves it: never, since the other does; or itself, too early. */
type Giver = 'hands over' | 'leaves first';

/**
 * One thread enters a section and reads a pointer, another reads what it points to and leaves the section,
 * while a third replaces and frees that.
 */
function handedOver(memory: MemoryModelName, giver: Giver): Scenario {
  return scenario({
    name: 'a section that is handed over',
    machine: { cpus: 3, maxThreads: 3, maxProcesses: 1, kernel: [rseq()], memory },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { machine, process } = lab;
      const rcu = RcuDomain.create(machine, process, { barriers: 'fence' });
      const [pointer, old, fresh, found, handed] = [0, 0, 0, 0, 0].map(() =>
        process.allocate(4),
      ) as [number, number, number, number, number];
      process.write32(pointer, old);
      process.spawn(
        function* gives(t) {
          const token = yield* rcu.readLock(t);
          yield* t.store(found, yield* t.load(pointer));
          if (giver === 'hands over') return yield* rcu.handOver(t, token, handed);
          yield* rcu.readUnlock(t, token);
          yield* t.storeRelease(handed, token + 1);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* takes(t) {
          yield* t.waitUntilNotEqual(handed, 0);
          const value = yield* t.load(yield* t.load(found));
          lab.expect(value !== POISON, 'the taker to see no freed memory', t);
          if (giver === 'hands over') yield* rcu.readUnlock(t, yield* rcu.takeOver(t, handed));
        },
        { cpu: 1 },
      );
      process.spawn(
        function* updates(t) {
          yield* t.storeRelease(pointer, fresh);
          yield* rcu.synchronize(t);
          yield* t.store(old, POISON);
        },
        { cpu: 2 },
      );
    },
  });
}

const everyState = { search: 'states', kernelEvents: 0 } as const;

describe('a section that one thread enters and another leaves, beside an updater', () => {
  it('protects what was found in it until then, in every state', () => {
    expect(check(handedOver('sc', 'hands over'), everyState)).toMatchObject({
      outcome: 'holds',
      blocked: 0,
    });
  });

  it('does not where the first leaves it before the other has it, which is found', () => {
    expect(check(handedOver('sc', 'leaves first'), everyState)).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected the taker to see no freed memory' },
    });
  });
});
