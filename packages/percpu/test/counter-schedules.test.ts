import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Machine, RandomDirector, SignalNumber } from '@rseqlab/sim-machine';
import type { MachineConfig } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { PerCpuCounter } from '../src/per-cpu-counter.js';
import type { CounterMethod } from '../src/per-cpu-counter.js';

const SCHEDULES = 500;

/** Counts the schedules in which updates go lost: two CPUs, three threads, two increments each. */
function lostIn(
  method: CounterMethod,
  config: MachineConfig,
  granularity: 'access' | 'instruction' = 'access',
): { lost: number; aborts: number } {
  const directed = (seed: number): RandomDirector => new RandomDirector({ seed, granularity });
  const machine = new Machine(
    { cpus: 2, memoryBytes: 2 ** 22, maxThreads: 4, ...config },
    directed(0),
  );
  let lost = 0;
  let aborts = 0;
  machine.events.on('abort', () => (aborts += 1));
  const schedules = granularity === 'access' ? SCHEDULES : SCHEDULES / 4;
  for (let seed = 0; seed < schedules; seed++) {
    machine.reset(directed(seed));
    const process = machine.createProcess('main');
    const counter = PerCpuCounter.create(machine, process, method);
    for (let i = 0; i < 3; i++)
      process.spawn(function* increment(t) {
        for (let n = 0; n < 2; n++) yield* counter.add(t, 1);
      });
    const { outcome } = machine.run({ decisions: 20_000 });
    expect(outcome, `seed ${seed}`).toBe('finished');
    if (counter.sum() !== 6) lost += 1;
  }
  return { lost, aborts };
}

describe.each(['sc', 'tso'] as const)('under random schedules and %s', (memory) => {
  const kernel = [rseq()];

  it('a counter on rseq loses nothing, though sections are aborted all the time', () => {
    const { lost, aborts } = lostIn('rseq', { memory, kernel });
    expect(lost).toBe(0);
    expect(aborts).toBeGreaterThan(SCHEDULES);
  });

  it('a counter on rseq loses nothing when it is interrupted at every instruction', () => {
    const config = { memory, kernel, events: { migration: false } };
    const { lost, aborts } = lostIn('rseq', config, 'instruction');
    expect(lost).toBe(0);
    expect(aborts).toBeGreaterThan(SCHEDULES);
  });

  it('a counter on atomics loses nothing, and needs no rseq', () => {
    expect(lostIn('atomic', { memory })).toEqual({ lost: 0, aborts: 0 });
  });

  it('a counter on plain loads and stores loses updates', () => {
    expect(lostIn('plain', { memory }).lost).toBeGreaterThan(SCHEDULES / 10);
  });

  it('a counter on rseq loses updates in a kernel that never aborts', () => {
    const { lost, aborts } = lostIn('rseq', { memory, kernel: [rseq({ aborts: false })] });
    expect(lost).toBeGreaterThan(SCHEDULES / 10);
    expect(aborts).toBe(0);
  });
});

describe('a counter on rseq', () => {
  it('loses nothing under signals, page faults, ticks and CPUs that come and go', () => {
    const machine = new Machine(
      {
        cpus: 3,
        maxThreads: 4,
        memoryBytes: 2 ** 22,
        kernel: [rseq()],
        events: {
          migration: false,
          ticks: true,
          pageFaults: true,
          hotplug: true,
          signals: [SignalNumber.SIGURG],
        },
      },
      new RandomDirector({ seed: 0 }),
    );
    let finished = 0;
    for (let seed = 0; seed < 60; seed++) {
      machine.reset(new RandomDirector({ seed }));
      const process = machine.createProcess('main');
      const counter = PerCpuCounter.create(machine, process);
      for (let i = 0; i < 3; i++)
        process.spawn(function* increment(t) {
          for (let n = 0; n < 2; n++) yield* counter.add(t, 1);
        });
      if (machine.run({ decisions: 20_000 }).outcome !== 'finished') continue;
      finished += 1;
      expect(counter.sum(), `seed ${seed}`).toBe(6);
    }
    expect(finished).toBeGreaterThan(50);
  });

  it('adds any int32 and wraps, for every method the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 8 }),
        fc.constantFrom<CounterMethod>('rseq', 'atomic', 'plain'),
        (deltas, method) => {
          const machine = new Machine(
            { cpus: 1, memoryBytes: 2 ** 22, kernel: [rseq()] },
            new RandomDirector({ seed: 1 }),
          );
          const process = machine.createProcess('main');
          const counter = PerCpuCounter.create(machine, process, method);
          process.spawn(function* add(t) {
            for (const delta of deltas) yield* counter.add(t, delta);
          });
          machine.run();
          expect(counter.sum()).toBe(deltas.reduce((sum, delta) => (sum + delta) | 0, 0));
        },
      ),
      { numRuns: 25 },
    );
  });
});
