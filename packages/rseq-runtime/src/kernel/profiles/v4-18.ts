import type { MaskedRules } from './rseq-rules.js';

/**
 * The first kernel with rseq. A registration looks at the address range only, so that an area that
 * is not mapped is SIGSEGV on the way back to user mode, and a stale rseq_cs is followed.
 *
 * @source kernel/rseq.c at v4.18
 */
export const V4_18: MaskedRules = {
  sections: 'masked',
  featureSize: 0,
  alignment: 0,
  registrationFlags: 0,
  prepares: 'nothing',
  killsOnFailedReset: false,
  flags: 'inhibit',
  ptraceConfiguration: false,
  nodeAndCid: false,
};
