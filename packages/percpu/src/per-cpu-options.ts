import type { CommitOrder, IndexKind, PrimitiveFallback } from '@rseqlab/rseq-runtime';

/** What every per-CPU structure can be given; all have defaults. */
export interface PerCpuOptions {
  /** By what its blocks are indexed; default `cpu_id`. */
  readonly index?: IndexKind;
  /**
   * Order of the stores that commit; default `relaxed`, which is enough for what only threads with
   * the same index look at. Who looks from elsewhere needs `release`, and loads with acquire.
   */
  readonly order?: CommitOrder;
  /**
   * Does what a section that was aborted did not; then threads without rseq can take part as well.
   * By `mm_cid` every thread has to be registered all the same. Default, where the kernel has cpu_opv,
   * that (`cpuOpvFallback`); else none: an aborted section is begun again until it commits.
   */
  readonly fallback?: PrimitiveFallback;
}
