import type { PendingRules, RegistrationMode } from './rseq-rules.js';

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
 * Unregistering leaves cpu_id_start 0, as the stable versions do; the first release left -1.
 *
 * @source kernel/rseq.c, include/linux/rseq_entry.h at v6.19, with CONFIG_GENERIC_IRQ_ENTRY
 */
export const V6_19: PendingRules = {
  sections: 'pending',
  featureSize: 28,
  alignment: 32,
  registrationFlags: 0,
  prepares: 'area',
  killsOnFailedReset: true,
  ptraceConfiguration: true,
  nodeAndCid: true,
  original: MODE,
  extended: MODE,
};
