// The counter by a plain load and store: whoever is preempted in between loses the other's add.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';

const THREADS = 2;

export default scenario({
  name: 'per-CPU counter, plain',
  machine: { cpus: 2 },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process, 'plain');
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
