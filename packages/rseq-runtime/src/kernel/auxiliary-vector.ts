import { rulesOf } from './profiles/rseq-profiles.js';
import type { RseqProfile } from './profiles/rseq-profiles.js';

/** Entries of the auxiliary vector that are about rseq. @source include/uapi/linux/auxvec.h */
export const RseqAuxiliary = {
  AT_RSEQ_FEATURE_SIZE: 27,
  AT_RSEQ_ALIGN: 28,
} as const;

/** One of {@link RseqAuxiliary}. */
export type RseqAuxiliary = (typeof RseqAuxiliary)[keyof typeof RseqAuxiliary];

/**
 * What getauxval returns for an entry under a profile, in bytes; 0 before Linux 6.3, which knows
 * none of them.
 *
 * @throws RuntimeError `ERR_PROFILE` for a profile that does not exist
 * @source getauxval(3), fs/binfmt_elf.c
 */
export function rseqAuxiliaryValue(profile: RseqProfile, entry: RseqAuxiliary): number {
  const rules = rulesOf(profile);
  return entry === RseqAuxiliary.AT_RSEQ_FEATURE_SIZE ? rules.featureSize : rules.alignment;
}
