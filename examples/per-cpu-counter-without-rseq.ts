// The same counter on a kernel that never aborts a sequence: adds get lost.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';

const THREADS = 2;

export default scenario({
  name: 'per-CPU counter without rseq',
  machine: { cpus: 2, kernel: [rseq({ aborts: false })] },
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
});
