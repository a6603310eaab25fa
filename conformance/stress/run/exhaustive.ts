import { check, scenario } from '@rseqlab/explorer';
import type { CheckResult } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import type { StressStructure } from '../structures/stress-structure.js';

const THREADS = 2;

/** A small size, taken in every interleaving. */
export interface ExhaustiveOptions {
  readonly memory: MemoryModelName;
  /** False for a kernel that never aborts a section. */
  readonly aborts: boolean;
  /** Most kernel events on a path; default any number. */
  readonly kernelEvents?: number;
}

/** Takes a structure in two threads, a little for each, on two CPUs, in every interleaving. */
export function exhaust(structure: StressStructure, options: ExhaustiveOptions): CheckResult {
  const { memory, aborts, kernelEvents = Infinity } = options;
  return check(
    scenario({
      name: structure.name,
      machine: {
        cpus: 2,
        memory,
        kernel: [rseq({ aborts })],
        maxThreads: THREADS,
        maxProcesses: 1,
        memoryBytes: 2 ** 21,
      },
      setup(lab) {
        const instance = structure.create(lab.machine, lab.process);
        for (let i = 0; i < THREADS; i++)
          lab.spawn(function* operate(t) {
            yield* instance.operateLittle?.(t, i) ?? instance.operate(t);
          });
        return instance;
      },
      check(instance, lab) {
        const fault = instance.fault();
        lab.expect(fault === undefined, fault?.replace(/^expected /, '') ?? '');
      },
    }),
    { executions: 500_000, kernelEvents },
  );
}
