import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { EventAllowance, MemoryModelName } from '@rseqlab/sim-machine';
import { PerCpuCounter } from '../src/per-cpu-counter.js';
import type { CounterMethod } from '../src/per-cpu-counter.js';

interface Setting {
  readonly memory: MemoryModelName;
  readonly cpus: number;
  readonly threads: number;
  readonly increments?: number;
  readonly method?: CounterMethod;
  readonly aborts?: boolean;
  readonly events?: EventAllowance;
}

/** Threads that increment one counter; at the end the sum has to be right. */
function counting({
  memory,
  cpus,
  threads,
  increments = 1,
  method = 'rseq',
  aborts = true,
  events = {},
}: Setting): Scenario {
  return scenario({
    name: 'per-CPU counter',
    machine: { cpus, memory, kernel: [rseq({ aborts })], maxThreads: threads, maxProcesses: 1 },
    events,
    setup(lab) {
      const counter = PerCpuCounter.create(lab.machine, lab.process, method);
      for (let i = 0; i < threads; i++)
        lab.spawn(function* increment(t) {
          for (let n = 0; n < increments; n++) yield* counter.add(t, 1);
        });
      return counter;
    },
    check: (counter, lab) => lab.expectEqual(counter.sum(), threads * increments, 'the sum'),
  });
}

describe('in every interleaving a counter on rseq is exact, whatever the kernel does,', () => {
  it.each<Setting>([
    { memory: 'sc', cpus: 1, threads: 2 },
    { memory: 'sc', cpus: 1, threads: 2, increments: 2 },
    { memory: 'sc', cpus: 1, threads: 3 },
    { memory: 'sc', cpus: 2, threads: 2 },
    { memory: 'tso', cpus: 1, threads: 2 },
    { memory: 'weak', cpus: 1, threads: 2 },
  ])('with %j', (setting) => {
    expect(check(counting(setting))).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each<Setting>([
    { memory: 'sc', cpus: 2, threads: 3 },
    { memory: 'tso', cpus: 2, threads: 2 },
  ])('with %j, as far as three kernel events go', (setting) => {
    const result = check(counting(setting), { kernelEvents: 3 });
    expect(result).toMatchObject({ outcome: 'unknown', kernelEvents: 3, blocked: 0 });
    expect(result).not.toHaveProperty('finding');
  });
});

describe.each(['sc', 'tso'] as const)('in every interleaving under %s', (memory) => {
  it.each<Omit<Setting, 'memory'>>([
    { cpus: 1, threads: 2, increments: 2 },
    { cpus: 2, threads: 2 },
  ])('a counter on atomics is exact with %j', (setting) => {
    const atomic = counting({ memory, ...setting, method: 'atomic' });
    expect(check(atomic)).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each([
    [1, 1],
    [2, 2],
  ])(
    'a counter on rseq without aborts, two threads on %i CPU(s), fails with %i kernel event(s) and no fewer',
    (cpus, least) => {
      const broken = counting({ memory, cpus, threads: 2, aborts: false });
      const result = check(broken);
      expect(result).toMatchObject({
        outcome: 'fails',
        kernelEvents: least,
        finding: { kind: 'assertion', message: 'expected the sum to be 2, got 1' },
      });
      expect(check(broken, { kernelEvents: least })).toMatchObject({ outcome: 'fails' });
      for (let bound = 0; bound < least; bound++)
        expect(check(broken, { kernelEvents: bound })).toMatchObject({
          outcome: 'unknown',
          kernelEvents: bound,
        });
    },
  );

  it.each([
    [1, 1],
    [2, 2],
  ])('a plain counter on %i CPU(s) fails with %i kernel event(s)', (cpus, kernelEvents) => {
    const plain = counting({ memory, cpus, threads: 2, method: 'plain' });
    expect(check(plain)).toMatchObject({ outcome: 'fails', kernelEvents });
  });
});

describe('where threads cannot leave their CPU and share none', () => {
  it('even a plain counter is exact', () => {
    const events = { migration: false };
    for (const memory of ['sc', 'tso'] as const)
      expect(
        check(counting({ memory, cpus: 2, threads: 2, method: 'plain', events })),
      ).toMatchObject({
        outcome: 'holds',
      });
  });
});

describe('page faults and hotplug', () => {
  it('are no more than a section on rseq survives', () => {
    const events = { pageFaults: true, hotplug: true };
    const result = check(counting({ memory: 'sc', cpus: 2, threads: 2, events }), {
      kernelEvents: 2,
    });
    expect(result).toMatchObject({ outcome: 'unknown', kernelEvents: 2 });
    expect(result).not.toHaveProperty('finding');
  });
});
