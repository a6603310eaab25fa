import { PerCpuCounter } from '@rseqlab/percpu';
import type { StressStructure } from './stress-structure.js';

/** The counter of the percpu package: no add may be lost. */
export const COUNTER: StressStructure = {
  name: 'counter',
  create(machine, process) {
    const counter = PerCpuCounter.create(machine, process);
    let adds = 0;
    return {
      *operate(t) {
        yield* counter.add(t, 1);
        adds += 1;
      },
      fault: () =>
        counter.sum() === adds ? undefined : `expected the sum ${adds}, got ${counter.sum()}`,
    };
  },
};
