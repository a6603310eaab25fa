// Eight threads on four CPUs that count as fast as they can, priced like a real machine, beside a
// real-time thread on each that wakes up every ten microseconds: for `rseqlab run`, which shows what it
// took and how often the kernel had to restart somebody.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { XEON_E5_2630V3, nanosleep } from '@rseqlab/sim-machine';

const CPUS = 4;
const THREADS = 8;
const ADDS = 100_000;
const WAKE_UPS = 30;

export default scenario({
  name: 'counting under load',
  machine: { cpus: CPUS, kernel: [rseq()], cost: XEON_E5_2630V3 },
  setup(lab) {
    const counter = PerCpuCounter.create(lab.machine, lab.process);
    for (let i = 0; i < THREADS; i++)
      lab.spawn(function* count(t) {
        for (let added = 0; added < ADDS; added++) yield* counter.add(t, 1);
      });
    for (let cpu = 0; cpu < CPUS; cpu++)
      lab.spawn(
        function* control(t) {
          for (let woken = 0; woken < WAKE_UPS; woken++) yield* nanosleep(t, 10_000);
        },
        { affinity: [cpu], realTime: { policy: 'fifo', priority: 1 } },
      );
    return counter;
  },
  check(counter, lab) {
    lab.expectEqual(counter.sum(), THREADS * ADDS, 'the sum');
  },
});
