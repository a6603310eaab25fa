import { RuntimeError } from '../../runtime-error.js';
import { RFC_2017 } from './rfc-2017.js';
import type { RseqRules } from './rseq-rules.js';
import { V4_18 } from './v4-18.js';
import { V6_1 } from './v6-1.js';
import { V6_18 } from './v6-18.js';
import { V6_19 } from './v6-19.js';
import { V7_1 } from './v7-1.js';

/** Versions of the kernel's rseq that the module can be, oldest first. */
export const RSEQ_PROFILES = ['rfc-2017', 'v4.18', 'v6.1', 'v6.18', 'v6.19', 'v7.1'] as const;

/** One of {@link RSEQ_PROFILES}. */
export type RseqProfile = (typeof RSEQ_PROFILES)[number];

const RULES: Readonly<Record<RseqProfile, RseqRules>> = {
  'rfc-2017': RFC_2017,
  'v4.18': V4_18,
  'v6.1': V6_1,
  'v6.18': V6_18,
  'v6.19': V6_19,
  'v7.1': V7_1,
};

/**
 * The rules of a profile.
 *
 * @throws RuntimeError `ERR_PROFILE` for a profile that does not exist
 */
export function rulesOf(profile: RseqProfile): RseqRules {
  if (!RSEQ_PROFILES.includes(profile))
    throw new RuntimeError(
      'ERR_PROFILE',
      `expected an rseq profile of ${RSEQ_PROFILES.join(', ')}, got "${profile as string}"`,
    );
  return RULES[profile];
}
