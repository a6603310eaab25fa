import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';

const NO_EVENTS = { preemption: false, migration: false } as const;

/** Two threads that add 1 each after `before` other accesses: atomically, or with a load and a store. */
export function adding(isAtomic: boolean, before = 0, sums?: number[]): Scenario {
  return scenario({
    name: isAtomic ? 'atomic adds' : 'racy adds',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
    events: NO_EVENTS,
    setup(lab) {
      const word = lab.process.allocate(64);
      for (let cpu = 0; cpu < 2; cpu++)
        lab.spawn(
          function* add(t) {
            for (let i = 0; i < before; i++) yield* t.load(word + 4);
            if (isAtomic) yield* t.fetchAdd(word, 1);
            else yield* t.store(word, (yield* t.load(word)) + 1);
          },
          { cpu },
        );
      return word;
    },
    check(word, lab) {
      const sum = lab.process.read32(word);
      if (sums === undefined) lab.expectEqual(sum, 2, 'the sum');
      else sums.push(sum);
    },
  });
}

/** A reader that must see x change twice between its loads; the writer never goes to 2, or does. */
export function twoChanges(isBroken: boolean): Scenario {
  return scenario({
    name: 'two changes',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
    events: NO_EVENTS,
    setup(lab) {
      const word = lab.process.allocate(64);
      const seen: number[] = [];
      lab.spawn(
        function* reader(t) {
          for (let i = 0; i < 3; i++) seen.push(yield* t.load(word));
        },
        { cpu: 0 },
      );
      lab.spawn(
        function* writer(t) {
          yield* t.store(word, 1);
          yield* t.store(word, isBroken ? 2 : 1);
        },
        { cpu: 1 },
      );
      return seen;
    },
    check(seen, lab) {
      lab.expect(seen.join() !== '0,1,2', 'not to see every value in turn');
    },
  });
}

/** A thread of one store beside one of many loads, whose last must not see it. */
export function lateStore(isBroken: boolean): Scenario {
  return scenario({
    name: 'a store before the last load of many',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
    events: NO_EVENTS,
    setup(lab) {
      const word = lab.process.allocate(64);
      const seen: number[] = [];
      lab.spawn(
        function* reader(t) {
          for (let i = 0; i < 24; i++) seen.push(yield* t.load(word));
        },
        { cpu: 0 },
      );
      lab.spawn((t) => t.store(isBroken ? word : word + 4, 1), { cpu: 1, name: 'writer' });
      return seen;
    },
    check(seen, lab) {
      lab.expect(seen.indexOf(1) !== 23, 'the store not to come right before the last load');
    },
  });
}

/** Two threads that add to a per-CPU counter, on a kernel that restarts sections or does not. */
export function countingWith(aborts: boolean): Scenario {
  return scenario({
    name: 'per-CPU counter',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, kernel: [rseq({ aborts })] },
    setup(lab) {
      const counter = PerCpuCounter.create(lab.machine, lab.process);
      for (let i = 0; i < 2; i++)
        lab.spawn(function* increment(t) {
          yield* counter.add(t, 1);
        });
      return counter;
    },
    check(counter, lab) {
      lab.expectEqual(counter.sum(), 2, 'the sum');
    },
  });
}
