import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import {
  Machine,
  TimedDirector,
  fork,
  pause,
  waitpid,
  withoutSyscalls,
} from '@rseqlab/sim-machine';
import type { KernelModule, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { BarrierKind } from '../../src/domain/barrier-plan.js';
import { RegionOffset } from '../../src/processes/region-layout.js';
import { SharedRcuDomain } from '../../src/processes/shared-rcu-domain.js';
import type { SharedRcuDomainOptions } from '../../src/processes/shared-rcu-domain.js';
import type { UrcuError } from '../../src/urcu-error.js';

type Body = (t: Thread, rcu: SharedRcuDomain) => Operation<void>;

/** Processes with one thread each on a machine of two CPUs; the domain and the errors of each. */
function runProcesses(
  bodies: readonly Body[],
  options: SharedRcuDomainOptions = {},
  kernel: readonly KernelModule[] = [rseq()],
) {
  const machine = new Machine({ cpus: 2, kernel }, new TimedDirector());
  const memory = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine, options.processes));
  const errors: UrcuError[] = [];
  const members = bodies.map((body, n) => {
    const process = machine.createProcess(`process ${n}`);
    const rcu = SharedRcuDomain.attach(machine, process, memory, options);
    process.spawn(function* only(t) {
      try {
        yield* body(t, rcu);
      } catch (error) {
        errors.push(error as UrcuError);
      }
    });
    return { process, rcu };
  });
  const { outcome } = machine.run();
  return { machine, memory, members, errors, outcome, codes: errors.map(({ code }) => code) };
}

function* pauseFor(t: Thread, steps: number): Operation<void> {
  for (let n = 0; n < steps; n++) yield* t.fence();
}

describe('a grace period', () => {
  it.each<[string, SharedRcuDomainOptions, readonly KernelModule[]]>([
    ['fences', {}, [rseq()]],
    ['global membarriers', { barriers: 'global membarrier' }, [rseq()]],
    ['fences, without rseq', {}, []],
  ])('waits for a reader of a process that comes late, by %s', (_, options, kernel) => {
    const order: string[] = [];
    const { codes, outcome } = runProcesses(
      [
        function* updater(t, rcu) {
          yield* rcu.join(t);
          while (!order.includes('enters')) yield* t.fence();
          yield* rcu.synchronize(t);
          order.push('grace period ends');
          yield* rcu.leave(t);
        },
        function* latecomer(t, rcu) {
          yield* pauseFor(t, 300);
          yield* rcu.join(t);
          const token = yield* rcu.readLock(t);
          order.push('enters');
          yield* pauseFor(t, 300);
          order.push('leaves');
          yield* rcu.readUnlock(t, token);
          yield* rcu.leave(t);
        },
      ],
      options,
      kernel,
    );
    expect([outcome, codes]).toEqual(['finished', []]);
    expect(order).toEqual(['enters', 'leaves', 'grace period ends']);
  });

  it('counts a process whose threads are not registered for rseq beside one whose are', () => {
    const { outcome, members } = runProcesses(
      Array.from(
        { length: 2 },
        () =>
          function* both(t: Thread, rcu: SharedRcuDomain) {
            yield* rcu.join(t);
            for (let n = 0; n < 20; n++) {
              yield* rcu.readUnlock(t, yield* rcu.readLock(t));
              yield* n % 2 === 0 ? rcu.synchronize(t) : rcu.synchronizeExpedited(t);
            }
          },
      ),
      {},
      [rseq({ autoRegister: false })],
    );
    expect(outcome).toBe('finished');
    expect(members[0]!.rcu.report().readers).toEqual([]);
  });
});

describe('a process that is killed', () => {
  it('inside of a section is told by pid, CPU and period, before and after its recovery', () => {
    const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
    const memory = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine));
    const [reader, updater] = [machine.createProcess('reader'), machine.createProcess('updater')];
    const [theirs, ours] = [reader, updater].map((process) =>
      SharedRcuDomain.attach(machine, process, memory, { checkNs: 1000 }),
    ) as [SharedRcuDomain, SharedRcuDomain];
    reader.spawn(
      function* inside(t) {
        yield* theirs.join(t);
        yield* theirs.readLock(t);
        yield* theirs.readLock(t);
        yield* pause(t);
      },
      { cpu: 1 },
    );
    updater.spawn(
      function* update(t) {
        yield* ours.join(t);
        while (ours.report().readers[0]?.sections !== 2) yield* t.fence();
        yield* ours.synchronize(t);
      },
      { cpu: 0 },
    );
    const { pid } = reader;
    machine.run({ decisions: 2000 });
    const before = ours.report();
    expect(before.readers).toEqual([{ pid, cpu: 1, period: 0, sections: 2 }]);
    expect(before.updater).toMatchObject({ pid: updater.pid, step: 'WaitForFlipped' });
    expect(before.updater!.checks).toBeGreaterThan(0);
    expect(before.toString()).toContain(
      `process ${pid} is in 2 read section(s) of period 0, entered on CPU 1`,
    );
    reader.kill(9);
    expect(machine.run().outcome).toBe('finished');
    const after = ours.report();
    expect(after.deaths).toEqual([{ pid, lost: [2, 0] }]);
    expect([after.readers, after.processes]).toEqual([[], [updater.pid]]);
  });

  it('counts as alive until its parent has waited for it', () => {
    const seen: number[][] = [];
    const { codes, outcome } = runProcesses(
      [
        function* parent(t, rcu) {
          yield* rcu.join(t);
          yield* rcu.beforeFork(t);
          const child = yield* fork(t, function* inside(c) {
            yield* rcu.afterForkChild(c);
            yield* rcu.readLock(c);
          });
          yield* rcu.afterForkParent(t, child);
          while (rcu.report().readers.length === 0) yield* t.fence();
          yield* pauseFor(t, 500);
          seen.push(rcu.report().readers.map(({ sections }) => sections));
          yield* waitpid(t, child);
          yield* rcu.synchronize(t);
          seen.push(rcu.report().readers.map(({ sections }) => sections));
        },
      ],
      { checkNs: 1000 },
    );
    expect([outcome, codes]).toEqual(['finished', []]);
    expect(seen).toEqual([[1], []]);
  });

  it('makes room for another', () => {
    const pids: number[] = [];
    const { codes } = runProcesses(
      [
        function* dies(t, rcu) {
          yield* rcu.join(t);
          yield* rcu.readLock(t);
        },
        function* comes(t, rcu) {
          yield* pauseFor(t, 500);
          yield* rcu.join(t);
          pids.push(...rcu.report().processes);
        },
      ],
      { processes: 1 },
    );
    expect(codes).toEqual([]);
    expect(pids).toHaveLength(1);
  });
});

describe('a region', () => {
  function attached(options: SharedRcuDomainOptions = {}) {
    const machine = new Machine({ cpus: 2 }, new TimedDirector());
    const memory = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine));
    const attach = (process: Process, more: SharedRcuDomainOptions = options) =>
      SharedRcuDomain.attach(machine, process, memory, more);
    const first = machine.createProcess('first');
    const rcu = attach(first);
    first.spawn((t) => rcu.join(t));
    machine.run();
    return { machine, first, rcu, attach, second: machine.createProcess('second') };
  }

  it.each<[string, (first: Process, at: number) => void, SharedRcuDomainOptions, string]>([
    [
      'of another version',
      (first, at) => {
        first.write32(at + RegionOffset.version, 99);
      },
      {},
      'version 1, got 99',
    ],
    [
      'that is no region',
      (first, at) => {
        first.write32(at, 77);
      },
      {},
      'got 77',
    ],
    ['for fewer processes', () => undefined, { processes: 4 }, 'slots 4, got 8'],
    [
      'with other barriers',
      () => undefined,
      { barriers: 'global membarrier' },
      'kind of barriers 2, got 1',
    ],
  ])('%s is refused', (_, damage, options, message) => {
    const { first, rcu, attach, second } = attached();
    damage(first, rcu.address);
    expect(() => attach(second, options)).toThrow(
      expect.objectContaining({
        code: 'ERR_REGION',
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  it('is refused by join when it changed since it was attached', () => {
    const { codes } = runProcesses([
      function* late(t, rcu) {
        yield* t.store(rcu.address + RegionOffset.cpus, 7);
        yield* rcu.join(t);
      },
    ]);
    expect(codes).toEqual(['ERR_REGION']);
  });

  it('that is too small is refused, and sizes that there are not', () => {
    const { machine, second } = attached();
    const small = machine.createSharedMemory(128);
    expect(() => SharedRcuDomain.attach(machine, second, small)).toThrow(
      expect.objectContaining({ code: 'ERR_REGION' }),
    );
    for (const processes of [0, 1.5, 5000])
      expect(() => SharedRcuDomain.attach(machine, second, small, { processes })).toThrow(
        expect.objectContaining({ code: 'ERR_REGION' }),
      );
  });

  it('takes no barriers that stay in the process, and none that there are not', () => {
    const { attach, second } = attached();
    for (const barriers of ['membarrier', 'hope'] as BarrierKind[])
      expect(() => attach(second, { barriers })).toThrow(
        expect.objectContaining({ code: 'ERR_BARRIERS' }),
      );
  });

  it('asks for membarrier when a process joins', () => {
    const { codes } = runProcesses([(t, rcu) => rcu.join(t)], { barriers: 'global membarrier' }, [
      rseq(),
      withoutSyscalls('membarrier'),
    ]);
    expect(codes).toEqual(['ERR_MEMBARRIER']);
  });
});

describe('misuse of a shared domain', () => {
  it.each<[string, Body, string]>([
    ['reading before join', (t, rcu) => rcu.readLock(t) as Operation<never>, 'ERR_REGISTRATION'],
    ['waiting before join', (t, rcu) => rcu.synchronize(t), 'ERR_REGISTRATION'],
    ['leaving before join', (t, rcu) => rcu.leave(t), 'ERR_REGISTRATION'],
    [
      'joining twice',
      function* (t, rcu) {
        yield* rcu.join(t);
        yield* rcu.join(t);
      },
      'ERR_REGISTRATION',
    ],
    [
      'leaving with an open section',
      function* (t, rcu) {
        yield* rcu.join(t);
        yield* rcu.readLock(t);
        yield* rcu.leave(t);
      },
      'ERR_READER',
    ],
    [
      'leaving a section twice',
      function* (t, rcu) {
        yield* rcu.join(t);
        const token = yield* rcu.readLock(t);
        yield* rcu.readUnlock(t, token);
        yield* rcu.readUnlock(t, token);
      },
      'ERR_TOKEN',
    ],
    [
      'taking a section that was not handed over',
      function* (t, rcu) {
        yield* rcu.join(t);
        yield* rcu.takeOver(t, t.stackPointer - 64);
      },
      'ERR_TOKEN',
    ],
  ])('%s is told', (_, body, code) => {
    expect(runProcesses([body]).codes).toEqual([code]);
  });

  it('more processes than there is room for are told', () => {
    const stays: Body = function* (t, rcu) {
      yield* rcu.join(t);
      yield* pause(t);
    };
    expect(runProcesses([stays, stays], { processes: 1 }).codes).toEqual(['ERR_CAPACITY']);
  });
});
