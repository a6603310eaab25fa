import { V4_18 } from './v4-18.js';
import type { MaskedRules } from './rseq-rules.js';

/**
 * Linux 6.1, its late stable versions: flags are not obeyed any more but refused, and a stale
 * rseq_cs is cleared by a registration.
 *
 * @source kernel/rseq.c at v6.1; "rseq: Fix segfault on registration when rseq_cs is non-zero"
 */
export const V6_1: MaskedRules = {
  ...V4_18,
  prepares: 'rseqCs',
  flags: 'refuse',
  ptraceConfiguration: true,
};
