import { INDEX_OFFSET, RSEQ_OFFSET } from '../../src/index.js';
import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { KernelModule } from '@rseqlab/sim-machine';

/** The concurrency id that a thread on a CPU has under {@link numberedThreads}. */
export const cidOn = (cpu: number, cpus: number): number => cpus - 1 - cpu;

/**
 * A kernel that keeps mm_cid: unique among running threads, as Linux does, and never the CPU's
 * number where there is more than one CPU of an even count, so that the two cannot be mixed up.
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
          user.put32(area + INDEX_OFFSET.mm_cid, cidOn(threads.cpu[thread]!, cpus));
        },
      };
    },
  };
}
