import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { SignalNumber, getpid, gettid, sigaction, tgkill } from '@rseqlab/sim-machine';
import type { EventAllowance, MemoryModelName } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';

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

/** A read section whose stores are buffered, beside a thread that does next to nothing. */
function buffered(memory: MemoryModelName, events: EventAllowance): Scenario {
  return scenario({
    name: 'an interrupted reader',
    machine: { cpus: 2, memory, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
    events: { preemption: false, migration: false, ...events },
    setup(lab) {
      const domain = RcuDomain.create(lab.machine, lab.process);
      lab.spawn(
        function* reader(t) {
          if (events.signals !== undefined)
            yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(h) {
              yield* domain.readUnlock(h, yield* domain.readLock(h));
            });
          yield* domain.readUnlock(t, yield* domain.readLock(t));
        },
        { cpu: 0 },
      );
      if (events.preemption === true) lab.spawn((t) => gettid(t), { cpu: 0 });
      return domain;
    },
    check(domain, lab) {
      lab.expectEqual(domain.activeReaders().join(), '0,0', 'readers in the end');
    },
  });
}

describe.each(['tso', 'weak'] as const)('under %s the counters are balanced', (memory) => {
  it.each<[string, EventAllowance]>([
    ['preempted', { preemption: true }],
    ['migrated', { migration: true }],
    ['stepped through', { singleSteps: true }],
    ['paged out', { pageFaults: true }],
  ])('where a reader is %s twice, at any instructions', (_, events) => {
    const result = check(buffered(memory, events), { search: 'states', kernelEvents: 2 });
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(2);
    expect(result.reason).toBe('the bound of 2 kernel events');
  });
});

describe('a signal whose handler has a section, where stores are buffered', () => {
  it.each([
    ['tso', 'the bound of 1 kernel events', 100_000],
    // More paths than are waited for: nothing is found in the first ones.
    ['weak', 'the limit on executions or decisions', 30_000],
  ] as const)('leaves the counters balanced under %s', (memory, reason, executions) => {
    const signals = [SignalNumber.SIGUSR1];
    const limits = { search: 'states', kernelEvents: 1, executions } as const;
    const result = check(buffered(memory, { signals }), limits);
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(1);
    expect(result.reason).toBe(reason);
  });
});
