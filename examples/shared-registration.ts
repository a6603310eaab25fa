// Two libraries in one thread share its registration: each counts in sections, until it is done.
import { scenario } from '@rseqlab/explorer';
import { PerCpuCounter } from '@rseqlab/percpu';
import { SharedRegistration, rseq } from '@rseqlab/rseq-runtime';

export default scenario({
  name: 'shared registration',
  // A C library that registers no threads: the first library does.
  machine: { cpus: 1, kernel: [rseq({ autoRegister: false })] },
  setup(lab) {
    const { machine, process } = lab;
    const libraries = [0, 1].map(() => ({
      registration: SharedRegistration.create(process),
      counter: PerCpuCounter.create(machine, process),
    }));
    const results: number[] = [];
    process.spawn(function* worker(t) {
      for (const { registration } of libraries) results.push(yield* registration.register(t));
      for (const { registration, counter } of libraries) {
        yield* counter.add(t, 1);
        results.push(yield* registration.unregister(t));
      }
      // Nobody is left who could unregister: -EINVAL.
      results.push(yield* libraries[0]!.registration.unregister(t));
    });
    return { libraries, results };
  },
  check({ libraries, results }, lab) {
    lab.expectEqual(results.join(), '0,0,0,0,-22', 'what registration says');
    lab.expectEqual(libraries.map(({ counter }) => counter.sum()).join(), '1,1', 'the sums');
  },
});
