// Eight threads on four CPUs that count as fast as they can, priced like a real machine: for
// `rseqlab run`, which shows what it took and how often the kernel had to restart somebody.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { XEON_E5_2630V3 } from '@rseqlab/sim-machine';

const THREADS = 8;
const ADDS = 250_000;

export default scenario({
  name: 'counting under load',
  machine: { cpus: 4, kernel: [rseq()], cost: XEON_E5_2630V3 },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process);
    for (let i = 0; i < THREADS; i++)
      lab.spawn(function* count(t) {
        for (let added = 0; added < ADDS; added++) yield* counter.add(t, 1);
      });
    return counter;
  },
  check(counter, lab) {
    lab.expectEqual(counter.sum(), THREADS * ADDS, 'the sum');
  },
});
