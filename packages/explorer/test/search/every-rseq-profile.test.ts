import { describe, expect, it } from 'vitest';
import { PerCpuCounter } from '@rseqlab/percpu';
import { RSEQ_PROFILES, rseq } from '@rseqlab/rseq-runtime';
import type { RseqOptions } from '@rseqlab/rseq-runtime';
import { scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { CheckResult } from '../../src/search/check.js';

const THREADS = 2;

/** Every interleaving of two threads that add to a per-CPU counter. */
function counterUnder(options: RseqOptions): CheckResult {
  return check(
    scenario({
      name: 'per-CPU counter',
      machine: { cpus: 2, maxThreads: THREADS, maxProcesses: 1, kernel: [rseq(options)] },
      setup(lab) {
        const counter = PerCpuCounter.create(lab.machine, lab.process);
        for (let i = 0; i < THREADS; i++)
          lab.spawn(function* increment(t) {
            yield* counter.add(t, 1);
          });
        return counter;
      },
      check(counter, lab) {
        lab.expectEqual(counter.sum(), THREADS, 'the sum');
      },
    }),
  );
}

const KERNELS: readonly RseqOptions[] = [
  ...RSEQ_PROFILES.map((profile) => ({ profile })),
  { profile: 'v7.1', areaLength: 32 },
];

describe.each(KERNELS)('a per-CPU counter under %j', (options) => {
  it('loses no add in any interleaving', () => {
    expect(counterUnder(options)).toMatchObject({ outcome: 'holds', classes: 6 });
  });

  it('loses one where no section aborts, with two kernel events', () => {
    const result = counterUnder({ ...options, aborts: false });
    expect(result).toMatchObject({ outcome: 'fails', kernelEvents: 2 });
  });
});
