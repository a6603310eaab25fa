import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import { DomainOffset, blocksOf, domainBytes } from '../../src/domain/domain-layout.js';
import { GracePeriod } from '../../src/domain/grace-period.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { cpuOf } from '../../src/domain/rcu-token.js';
import { SCAN_ENTRY, SCAN_PROGRAM } from '../../src/domain/scan-program.js';
import { LocalUpdaters } from '../../src/domain/updaters.js';
import { SharedRcuDomain } from '../../src/processes/shared-rcu-domain.js';
import { replacing } from '../replacing-scenario.js';

/** One whose grace periods sum up the counters of CPUs up to the highest that ran at the start. */
class DomainOfTheStart extends RcuDomain {
  readonly #gracePeriod: GracePeriod;

  constructor(machine: Machine, process: Process) {
    const address = process.allocate(domainBytes(blocksOf(machine)));
    const barriers = barrierPlanOf('membarrier');
    super(machine, process, address, barriers);
    this.#gracePeriod = new GracePeriod({
      address,
      counters: address + DomainOffset.firstBlock,
      blocks: SPARSE.online[0] + 1,
      barriers,
      sum: machine.install(SCAN_PROGRAM).routine(SCAN_ENTRY),
      updaters: new LocalUpdaters(address),
    });
  }

  override synchronize(t: Thread): Operation<void> {
    return this.#gracePeriod.wait(t, { attempts: 1 });
  }
}

/** Ids with gaps, of which one CPU runs at the start. */
const SPARSE = { cpus: [1, 4, 9], online: [4] } as const;

describe('CPUs that come and go', () => {
  it('protect a reader whose CPU goes offline, or who moves to one that came online', () => {
    const scenario = replacing({ machine: { cpus: { ...SPARSE, online: [4, 9] } } });
    const result = check(
      { ...scenario, events: { preemption: false, migration: true, hotplug: true } },
      { search: 'random', seed: 1, executions: 200, kernelEvents: 8 },
    );
    expect(result.finding).toBeUndefined();
    expect(result.executions).toBe(200);
    expect(result.kernelEvents).toBeGreaterThan(3);
  });

  it('do not, where CPUs that came online later are left out of the sum, which is found', () => {
    const scenario = replacing({
      machine: { cpus: SPARSE },
      make: (machine, process) => new DomainOfTheStart(machine, process),
    });
    expect(
      check(
        { ...scenario, events: { preemption: false, migration: true, hotplug: true } },
        { search: 'random', seed: 1, executions: 2000, kernelEvents: 8 },
      ),
    ).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected reader 0 to see no freed memory' },
    });
  });

  it.each([1, 2, 3])('are counted on each that runs, more than at the start, seed %i', (seed) => {
    const director = new RandomDirector({ seed });
    const events = { hotplug: true };
    const machine = new Machine({ cpus: SPARSE, kernel: [rseq()], events }, director);
    const process = machine.createProcess('main');
    const rcu = RcuDomain.create(machine, process);
    const seen = new Set<number>();
    for (let i = 0; i < 3; i++)
      process.spawn(function* reader(t) {
        for (let n = 0; n < 40; n++) {
          const token = yield* rcu.readLock(t);
          seen.add(cpuOf(token));
          yield* rcu.readUnlock(t, token);
        }
      });
    process.spawn(function* updater(t) {
      for (let n = 0; n < 5; n++) yield* rcu.synchronize(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect([...seen].sort()).toEqual([1, 4, 9]);
    expect(rcu.activeReaders()).toEqual([0, 0]);
  });

  it('have room in a region from the beginning', () => {
    const bytes = [SPARSE, { ...SPARSE, online: [1, 4, 9] }, 10].map((cpus) =>
      SharedRcuDomain.sizeBytes(new Machine({ cpus }, new RandomDirector({ seed: 1 }))),
    );
    expect(new Set(bytes).size).toBe(1);
  });
});
