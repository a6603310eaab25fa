import { V6_1 } from './v6-1.js';
import type { RegistrationMode, RseqRules } from './rseq-rules.js';

const MODE: RegistrationMode = {
  events: 'interrupt',
  idsWritten: 'changed',
  idsValidated: 'debug',
  sliceExtension: false,
};

/**
 * Linux 6.19, rewritten for a cheap way back to user mode: only what interrupted user code counts,
 * and only what could be abused is checked.
 *
 * @source kernel/rseq.c, include/linux/rseq_entry.h at v6.19, with CONFIG_GENERIC_IRQ_ENTRY
 */
export const V6_19: RseqRules = {
  ...V6_1,
  featureSize: 28,
  alignment: 32,
  prepares: 'area',
  killsOnFailedReset: true,
  hasNodeAndMmCid: true,
  validation: 'inside',
  flags: 'ignore',
  original: MODE,
  extended: MODE,
};
