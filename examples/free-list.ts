// An allocator's free list, one a CPU: a block is taken and given back without a lock or an atomic.
import { scenario } from '@rseqlab/explorer';
import { PerCpuList } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';

const BLOCK_BYTES = 64;

export default scenario({
  name: 'free list',
  machine: { cpus: 1, kernel: [rseq()] },
  setup({ machine, process }) {
    const free = PerCpuList.create(machine, process);
    const blocks = [process.allocate(BLOCK_BYTES), process.allocate(BLOCK_BYTES)];
    for (const block of blocks) free.prepend(0, block);
    for (let i = 0; i < 2; i++)
      process.spawn(function* worker(t) {
        const block = yield* free.pop(t);
        if (block !== 0) yield* free.push(t, block);
      });
    return { free, blocks };
  },
  check({ free, blocks }, lab) {
    lab.expectEqual(free.nodes().sort().join(), blocks.join(), 'the free blocks');
  },
});
