// Three threads that add to a per-CPU counter: more states than are searched in a moment.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';

const THREADS = 3;

export default scenario({
  name: 'many states',
  machine: { cpus: 2, kernel: [rseq()] },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process);
    for (let i = 0; i < THREADS; i++)
      lab.spawn(function* add(t) {
        yield* counter.add(t, 1);
        yield* counter.add(t, 1);
      });
    return counter;
  },
  check(counter, lab) {
    lab.expectEqual(counter.sum(), 2 * THREADS, 'the sum');
  },
});
