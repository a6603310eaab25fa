import { RseqOffset } from '../kernel/rseq-abi.js';

/**
 * By which number of `struct rseq` per-CPU data is indexed.
 *
 * `cpu_id`: the CPU that the thread is on. `mm_cid`: a number that no two running threads of an
 * address space share, and that is kept small, so that data for a few threads on a large machine
 * stays small; since Linux 6.3. Data that is shared by two address spaces has to use `cpu_id`.
 *
 * A thread that gives its registration up by the system call is left with 0 in `mm_cid`, an id that
 * others may have. `SharedRegistration` leaves -1, and the per-CPU primitives look at `cpu_id`, too.
 *
 * @source include/uapi/linux/rseq.h; librseq, enum rseq_percpu_mode
 */
export type IndexKind = 'cpu_id' | 'mm_cid';

/** Byte offset of each index in `struct rseq`. */
export const INDEX_OFFSET: Readonly<Record<IndexKind, number>> = {
  cpu_id: RseqOffset.cpuId,
  mm_cid: RseqOffset.mmCid,
};
