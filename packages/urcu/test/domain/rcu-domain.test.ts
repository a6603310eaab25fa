import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import {
  Machine,
  RandomDirector,
  TimedDirector,
  sigaction,
  SignalNumber,
  raise,
  setAffinity,
  withoutSyscalls,
} from '@rseqlab/sim-machine';
import type { MachineConfig, Operation, Thread } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { BarrierKind } from '../../src/domain/barrier-plan.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { detectBarriers } from '../../src/domain/updater-barriers.js';
import { UrcuError } from '../../src/urcu-error.js';
import { replacing } from '../replacing-scenario.js';

function codeOf(error: unknown): string {
  return error instanceof UrcuError ? error.code : String(error);
}

/** Runs one thread on a machine of two CPUs with rseq, or as said. */
function runThread(
  body: (t: Thread, domain: RcuDomain) => Operation<void>,
  config: MachineConfig = {},
  barriers?: BarrierKind,
): { readonly domain: RcuDomain; readonly error: unknown } {
  const machine = new Machine({ cpus: 2, kernel: [rseq()], ...config }, new TimedDirector());
  const process = machine.createProcess('main');
  const domain = RcuDomain.create(machine, process, barriers === undefined ? {} : { barriers });
  let error: unknown;
  process.spawn(function* only(t) {
    try {
      yield* body(t, domain);
    } catch (thrown) {
      error = thrown;
    }
  });
  machine.run();
  return { domain, error };
}

describe('a read section', () => {
  it('is counted on its CPU and in its period, nested ones each by themselves', () => {
    const counts: string[] = [];
    const { domain } = runThread(function* (t, it) {
      const outer = yield* it.readLock(t);
      const inner = yield* it.readLock(t);
      counts.push(it.activeReaders().join());
      yield* it.readUnlock(t, outer);
      yield* it.readUnlock(t, inner);
    });
    expect(counts).toEqual(['2,0']);
    expect(domain.activeReaders()).toEqual([0, 0]);
  });

  it('is ongoing until the last of its thread is left, or handed over', () => {
    const ongoing: boolean[] = [];
    const { error } = runThread(function* (t, it) {
      const word = t.stackPointer - 64;
      yield* t.store(word, 0);
      ongoing.push(yield* it.readOngoing(t));
      const outer = yield* it.readLock(t);
      const inner = yield* it.readLock(t);
      yield* it.readUnlock(t, outer);
      ongoing.push(yield* it.readOngoing(t));
      yield* it.handOver(t, inner, word);
      ongoing.push(yield* it.readOngoing(t));
      yield* it.readUnlock(t, yield* it.takeOver(t, word));
      ongoing.push(yield* it.readOngoing(t));
    });
    expect(error).toBeUndefined();
    expect(ongoing).toEqual([false, true, false, false]);
  });

  it('is not known to be ongoing where anybody may leave it: ERR_TOKEN', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
    const process = machine.createProcess('main');
    const domain = RcuDomain.create(machine, process, { leftBy: 'anybody' });
    let code = '';
    process.spawn(function* asks(t) {
      try {
        yield* domain.readOngoing(t);
      } catch (error) {
        code = codeOf(error);
      }
    });
    machine.run();
    expect(code).toBe('ERR_TOKEN');
  });

  it('ends where it began when the thread has moved to another CPU meanwhile', () => {
    const tokens: RcuToken[] = [];
    const { domain } = runThread(function* (t, it) {
      yield* setAffinity(t, [0]);
      const token = yield* it.readLock(t);
      yield* setAffinity(t, [1]);
      tokens.push(token, yield* it.readLock(t));
      for (const each of tokens) yield* it.readUnlock(t, each);
    });
    expect(tokens.map((token) => token >> 1)).toEqual([0, 1]);
    expect(domain.activeReaders()).toEqual([0, 0]);
  });

  it('is counted by atomic on a kernel without rseq', () => {
    const { domain } = runThread(
      function* (t, it) {
        const token = yield* it.readLock(t);
        yield* it.readUnlock(t, token);
        yield* it.synchronize(t);
      },
      { kernel: [] },
    );
    expect(domain.activeReaders()).toEqual([0, 0]);
  });

  it('may begin and end in a signal handler that interrupted another', () => {
    const counts: string[] = [];
    const { domain } = runThread(function* (t, it) {
      yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(h) {
        const token = yield* it.readLock(h);
        counts.push(it.activeReaders().join());
        yield* it.readUnlock(h, token);
      });
      const token = yield* it.readLock(t);
      yield* raise(t, SignalNumber.SIGUSR1);
      yield* it.readUnlock(t, token);
    });
    expect(counts).toEqual(['2,0']);
    expect(domain.activeReaders()).toEqual([0, 0]);
  });

  it('refuses what can be no token', () => {
    for (const token of [-1, 4, 1.5, NaN])
      expect(
        codeOf(
          runThread(function* (t, it) {
            yield* it.readUnlock(t, token as RcuToken);
          }).error,
        ),
      ).toBe('ERR_TOKEN');
  });
});

describe('a grace period', () => {
  it('protects a reader in every interleaving on one CPU', () => {
    expect(check(replacing({ machine: { cpus: 1 } }))).toMatchObject({
      outcome: 'holds',
      blocked: 0,
    });
  });

  it.each<[BarrierKind, 'sc' | 'tso']>([
    ['membarrier', 'sc'],
    ['membarrier', 'tso'],
    ['fence', 'sc'],
    ['fence', 'tso'],
  ])('by %s protects a reader on two CPUs under %s', (barriers, memory) => {
    const scenario = replacing({
      machine: { memory },
      make: (machine, process) => RcuDomain.create(machine, process, { barriers }),
    });
    const result = check(scenario, { kernelEvents: 0 });
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 0 kernel events');
  });

  it('protects a reader that is preempted or migrated once', () => {
    const result = check(replacing(), { kernelEvents: 1 });
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 1 kernel events');
  });

  it('that is left out is noticed', () => {
    const scenario = replacing({ *wait() {} });
    expect(check(scenario)).toMatchObject({
      outcome: 'fails',
      kernelEvents: 0,
      finding: { kind: 'assertion', message: 'expected reader 0 to see no freed memory' },
    });
  });

  it.each([1, 2, 3])('ends under random schedules of many threads, seed %i', (seed) => {
    const machine = new Machine({ cpus: 4, kernel: [rseq()] }, new RandomDirector({ seed }));
    const process = machine.createProcess('main');
    const domain = RcuDomain.create(machine, process);
    const word = process.allocate(4);
    for (let i = 0; i < 6; i++)
      process.spawn(function* reader(t) {
        for (let n = 0; n < 20; n++) {
          const token = yield* domain.readLock(t);
          yield* t.load(word);
          yield* domain.readUnlock(t, token);
        }
      });
    for (let i = 0; i < 2; i++)
      process.spawn(function* updater(t) {
        for (let n = 0; n < 5; n++)
          yield* i === 0 ? domain.synchronize(t) : domain.synchronizeExpedited(t);
      });
    expect(machine.run().outcome).toBe('finished');
    expect(domain.activeReaders()).toEqual([0, 0]);
  });
});

describe('the kernel without membarrier', () => {
  const kernel = [rseq(), withoutSyscalls('membarrier')];

  it('is noticed before a domain is made', () => {
    const kinds: BarrierKind[] = [];
    for (const modules of [kernel, [rseq()]])
      runThread(
        function* (t) {
          kinds.push(yield* detectBarriers(t));
        },
        { kernel: modules },
      );
    expect(kinds).toEqual(['fence', 'membarrier']);
  });

  it('is refused by a domain whose readers have no fences', () => {
    const { error } = runThread((t, it) => it.synchronize(t), { kernel });
    expect(codeOf(error)).toBe('ERR_MEMBARRIER');
    expect((error as Error).message).toContain('got -38');
  });

  it('is all right for a domain with fences', () => {
    const { error } = runThread((t, it) => it.synchronize(t), { kernel }, 'fence');
    expect(error).toBeUndefined();
  });
});

describe('a domain', () => {
  it('refuses barriers that there are not', () => {
    const machine = new Machine({ cpus: 2 }, new TimedDirector());
    const process = machine.createProcess('main');
    expect(() => RcuDomain.create(machine, process, { barriers: 'hope' as BarrierKind })).toThrow(
      expect.objectContaining({ code: 'ERR_BARRIERS' }),
    );
  });
});
