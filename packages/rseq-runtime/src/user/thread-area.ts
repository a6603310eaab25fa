import type { Process } from '@rseqlab/sim-machine';
import { RSEQ_CPU_ID_UNINITIALIZED, RSEQ_ORIGINAL_SIZE } from '../kernel/rseq-abi.js';
import { INDEX_OFFSET } from './index-kind.js';
import { RSEQ_OFFSET } from './rseq-area.js';

/**
 * Gives the rseq area of threads that start later its initial value: no index is valid.
 *
 * So a section that compares an index aborts on a thread that nobody has registered, and with
 * `mm_cid` also on a kernel that does not know of it.
 *
 * @source glibc, sysdeps/unix/sysv/linux (struct rseq_area initialised to
 *   RSEQ_CPU_ID_UNINITIALIZED)
 */
export function initializeAreas(process: Process): void {
  process.threadData.claim(RSEQ_OFFSET, RSEQ_ORIGINAL_SIZE, 'the rseq area');
  for (const offset of Object.values(INDEX_OFFSET))
    process.threadData.initialize(RSEQ_OFFSET + offset, RSEQ_CPU_ID_UNINITIALIZED);
}
