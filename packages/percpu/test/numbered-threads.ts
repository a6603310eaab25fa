import { INDEX_OFFSET, RSEQ_OFFSET } from '@rseqlab/rseq-runtime';
import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { KernelModule } from '@rseqlab/sim-machine';

/**
 * A kernel that keeps mm_cid: unique among running threads, as Linux does. It counts CPUs from the
 * last one, so that it cannot be mixed up with the CPU's number.
 */
export function numberedThreads(cpus: number): KernelModule {
  return {
    name: 'mm_cid',
    attach(kernel) {
      const { threads, user } = kernel;
      return {
        switchedIn(thread) {
          kernel.notifyResume(thread);
        },
        returnToUser(thread) {
          const at = thread * REGISTER_STRIDE + RegisterFile.ThreadPointer;
          const area = threads.registers[at]! + RSEQ_OFFSET;
          user.put32(area + INDEX_OFFSET.mm_cid, cpus - 1 - threads.cpu[thread]!);
        },
      };
    },
  };
}
