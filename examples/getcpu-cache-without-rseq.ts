// A kernel without rseq: the CPU number comes from a word that the kernel keeps for the thread, the add is atomic.
import { scenario } from '@rseqlab/explorer';
import { currentCpu, getcpuCache, initializeAreas, setGetcpuCache } from '@rseqlab/rseq-runtime';

const THREADS = 2;
const CPUS = 2;
const LINE = 64;

export default scenario({
  name: 'getcpu_cache without rseq',
  machine: { cpus: CPUS, kernel: [getcpuCache()] },
  setup(lab) {
    const { process } = lab;
    initializeAreas(process);
    const counters = process.allocate(CPUS * LINE, LINE);
    const caches: number[] = [];
    const results: number[] = [];
    for (let i = 0; i < THREADS; i++) {
      const cache = process.allocate(4);
      // Until the kernel has filled it in, it says that there is no number.
      process.write32(cache, -1);
      caches.push(cache);
      lab.spawn(function* increment(t) {
        results[i] = yield* setGetcpuCache(t, cache);
        // rseq->cpu_id is negative in a thread without registration, so this is a second load.
        const cpu = yield* currentCpu(t, cache);
        // The number may be old by now: then the add is on another CPU's word, but never lost.
        yield* t.fetchAdd(counters + LINE * cpu, 1);
      });
    }
    return { counters, caches, results };
  },
  check({ counters, caches, results }, lab) {
    let sum = 0;
    for (let cpu = 0; cpu < CPUS; cpu++) sum += lab.process.read32(counters + LINE * cpu);
    lab.expectEqual(results.join(), '0,0', 'what getcpu_cache returns');
    for (const cache of caches)
      lab.expectEqual(lab.process.read32(cache) >= 0, true, 'whether the kernel gave a number');
    lab.expectEqual(sum, THREADS, 'the sum');
  },
});
