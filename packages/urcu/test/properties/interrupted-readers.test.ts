import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { SignalNumber, getpid, gettid, sigaction, tgkill } from '@rseqlab/sim-machine';
import type { EventAllowance, Machine, Process } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { LockInTwoSteps, interruptedReader } from './interrupted-reader-scenario.js';

/** A read section beside another on its CPU. */
function interrupted(events: EventAllowance): Scenario {
  return scenario({
    name: 'interrupted readers',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
    events: { preemption: false, migration: false, ...events },
    setup(lab) {
      const domain = RcuDomain.create(lab.machine, lab.process);
      lab.spawn(
        function* reader(t) {
          yield* domain.readUnlock(t, yield* domain.readLock(t));
        },
        { cpu: 0 },
      );
      lab.spawn(
        function* beside(t) {
          yield* domain.readUnlock(t, yield* domain.readLock(t));
        },
        { cpu: 0 },
      );
      return domain;
    },
    check(domain, lab) {
      lab.expectEqual(domain.activeReaders().join(), '0,0', 'readers in the end');
    },
  });
}

describe('the counters are balanced in the end', () => {
  it.each<[string, EventAllowance, number]>([
    ['preempted', { preemption: true }, 3],
    ['migrated', { migration: true }, 2],
    ['preempted and migrated', { preemption: true, migration: true }, 2],
    ['stepped through', { singleSteps: true }, 2],
    ['paged out', { pageFaults: true }, 2],
  ])('of readers that are %s at any instruction', (_, events, kernelEvents) => {
    const result = check(interrupted(events), { search: 'states', kernelEvents });
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(kernelEvents);
    expect(result.reason ?? 'holds').toMatch(/^holds$|^the bound of \d kernel events$/);
  });
});

describe('a signal at any instruction', () => {
  it('brings a section that nests in the one that it interrupts', () => {
    let handled = 0;
    const result = check(
      scenario({
        name: 'a reader and its handler',
        machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
        events: { preemption: false, migration: false },
        setup({ machine, process }) {
          const domain = RcuDomain.create(machine, process);
          const isReady = process.allocate(4);
          process.spawn(function* reader(t) {
            yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(h) {
              handled += 1;
              yield* domain.readUnlock(h, yield* domain.readLock(h));
            });
            yield* t.store(isReady, yield* gettid(t));
            yield* domain.readUnlock(t, yield* domain.readLock(t));
          });
          process.spawn(function* sender(t) {
            const tid = yield* t.waitUntilNotEqual(isReady, 0);
            yield* tgkill(t, yield* getpid(t), tid, SignalNumber.SIGUSR1);
          });
          return domain;
        },
        check(domain, lab) {
          lab.expectEqual(domain.activeReaders().join(), '0,0', 'readers in the end');
        },
      }),
    );
    expect(result.outcome).toBe('holds');
    expect(handled).toBeGreaterThan(0);
  });
});

describe.each(['tso', 'weak'] as const)('under %s the counters are balanced', (memory) => {
  it.each<[string, EventAllowance]>([
    ['preempted', { preemption: true }],
    ['migrated', { migration: true }],
    ['stepped through', { singleSteps: true }],
    ['paged out', { pageFaults: true }],
  ])('where a reader is %s twice, at any instructions', (_, events) => {
    const result = check(interruptedReader({ memory, events }), {
      search: 'states',
      kernelEvents: 2,
    });
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(2);
    expect(result.reason).toBe('the bound of 2 kernel events');
  });
});

describe.each([
  ['tso', 8],
  // With 8 entries there are more paths than a test should take: `npm run proof -- signals`.
  ['weak', 3],
] as const)('a signal at any instruction under %s, with %i buffered stores', (memory, entries) => {
  const events = { signals: [SignalNumber.SIGUSR1] };
  const limits = { search: 'states', kernelEvents: 1 } as const;

  it('leaves the counters balanced, in every state', () => {
    const result = check(interruptedReader({ memory, entries, events }), limits);
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(1);
    expect(result.reason).toBe('the bound of 1 kernel events');
  });

  it('does not where a lock loads and stores, which is found', () => {
    const make = (machine: Machine, process: Process) => new LockInTwoSteps(machine, process);
    expect(check(interruptedReader({ memory, entries, events, make }), limits)).toMatchObject({
      outcome: 'fails',
      finding: { message: expect.stringMatching(/readers in the end to be 0,0/) as string },
    });
  });
});
