// The counter by an atomic add to the word of whatever CPU it started on: exact, but it shares the line.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';

const THREADS = 2;

export default scenario({
  name: 'per-CPU counter, atomic',
  machine: { cpus: 2 },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process, 'atomic');
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
