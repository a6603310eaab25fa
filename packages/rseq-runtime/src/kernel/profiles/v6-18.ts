import { V6_1 } from './v6-1.js';
import type { MaskedRules } from './rseq-rules.js';

/**
 * Linux 6.18, and by its rules the kernels from 6.3 on: the abort of v6.1, in an area that can be
 * longer and whose size the kernel tells, with node_id and mm_cid.
 *
 * @source kernel/rseq.c at v6.3 to v6.18 (rseq_update_cpu_node_id), include/uapi/linux/rseq.h
 */
export const V6_18: MaskedRules = {
  ...V6_1,
  featureSize: 28,
  alignment: 32,
  nodeAndCid: true,
};
