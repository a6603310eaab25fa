import { StateSearch, scenario } from '@rseqlab/explorer';
import type { PassResult, Scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import type { CounterInstance } from '../yardstick/spin-yardstick.js';

/** Threads that add to a per-CPU counter, on 2 CPUs. */
export function counterScenario({
  threads,
  adds,
}: Pick<CounterInstance, 'threads' | 'adds'>): Scenario {
  return scenario({
    name: 'per-CPU counter',
    machine: {
      cpus: 2,
      memoryBytes: 1 << 23,
      maxThreads: threads,
      maxProcesses: 1,
      kernel: [rseq({ profile: 'v6.1' })],
    },
    setup(lab) {
      const counter = PerCpuCounter.create(lab.machine, lab.process);
      for (let i = 0; i < threads; i++)
        lab.spawn(function* increment(t) {
          for (let n = 0; n < adds; n++) yield* counter.add(t, 1);
        });
      return counter;
    },
    check(counter, lab) {
      lab.expectEqual(counter.sum(), threads * adds, 'the sum');
    },
  });
}

/** A search for the states of a per-CPU counter's machine, told apart as rseq-counter.pml does; each call makes it anew. */
export function counterStates(instance: CounterInstance): () => PassResult {
  const { kernelEvents } = instance;
  const search = new StateSearch(counterScenario(instance), { countsEvents: true });
  return () =>
    search.run({
      kernelEvents,
      preemptions: Infinity,
      delays: Infinity,
      executions: Infinity,
      decisions: Infinity,
    });
}
