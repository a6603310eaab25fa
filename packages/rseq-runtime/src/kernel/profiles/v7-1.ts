import { RSEQ_FLAG_SLICE_EXT_DEFAULT_ON } from '../rseq-abi.js';
import { V6_19 } from './v6-19.js';
import type { PendingRules } from './rseq-rules.js';

/**
 * Linux 7.1: an area of 32 bytes, as old C libraries and TCMalloc register it, is treated as before
 * v6.19; a longer one selects the new mode, where the ids are read only and can be relied on to be.
 *
 * @source kernel/rseq.c, include/linux/rseq.h at v7.1; Documentation/userspace-api/rseq.rst
 *   ("Optimized RSEQ V2")
 */
export const V7_1: PendingRules = {
  ...V6_19,
  featureSize: 33,
  alignment: 64,
  registrationFlags: RSEQ_FLAG_SLICE_EXT_DEFAULT_ON,
  original: {
    events: 'switch',
    idsWritten: 'always',
    idsValidated: 'debug',
    sliceExtension: false,
  },
  extended: {
    events: 'interrupt',
    idsWritten: 'changed',
    idsValidated: 'always',
    sliceExtension: true,
  },
};
