import { MachinePool, StateSearch, scenario } from '@rseqlab/explorer';
import type { PassLimits, PassResult, Scenario } from '@rseqlab/explorer';
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

/** States are told apart as rseq-counter.pml does. */
const AS_THE_MODEL = { countsEvents: true } as const;

/** Searches the states of a per-CPU counter's machine; each call searches again, and knows what phases do. */
export function counterStates(instance: CounterInstance): () => PassResult {
  const search = new StateSearch(counterScenario(instance), AS_THE_MODEL);
  return () => search.run(limitsOf(instance));
}

/** Does so on the same machine, as `check` does, but each call finds everything out for itself. */
export function counterStatesAnew(instance: CounterInstance): () => PassResult {
  const counter = { ...counterScenario(instance), machines: new MachinePool() };
  return () => {
    const search = new StateSearch(counter, AS_THE_MODEL);
    try {
      return search.run(limitsOf(instance));
    } finally {
      search.giveBack();
    }
  };
}

function limitsOf({ kernelEvents }: CounterInstance): PassLimits {
  const preemptions = Infinity;
  return { kernelEvents, preemptions, delays: Infinity, executions: Infinity, decisions: Infinity };
}
