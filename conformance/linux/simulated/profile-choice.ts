import { RSEQ_PROFILES } from '@rseqlab/rseq-runtime';
import type { RseqProfile } from '@rseqlab/rseq-runtime';
import { isRelease } from '../compare/release.js';

/** Which profile a kernel is compared with, and what is wrong with that. */
export interface ProfileChoice {
  readonly profile: RseqProfile;
  /** Why this one. */
  readonly reason: string;
}

/** The profile that describes kernels from a version on, the newest first. */
const FROM_RELEASE: readonly (readonly [release: string, profile: string])[] = [
  ['7.1', 'v7.1'],
  ['6.19', 'v6.19'],
  ['6.3', 'v6.18'],
  ['6.1', 'v6.1'],
  ['4.18', 'v4.18'],
];

/**
 * Chooses the profile that describes a kernel release, such as `6.8.0-45-generic`; where that one
 * does not exist, the nearest older one that does, or else the oldest.
 */
export function chooseProfile(release: string): ProfileChoice {
  const known: readonly string[] = RSEQ_PROFILES;
  const fitting = FROM_RELEASE.filter(([from]) => isRelease(release, from)).map(
    ([, profile]) => profile,
  );
  const wanted = fitting[0];
  const found = fitting.find((profile) => known.includes(profile)) as RseqProfile | undefined;
  const oldest = RSEQ_PROFILES[0];
  if (wanted === undefined)
    return { profile: oldest, reason: `Linux ${release} has no rseq: this is the oldest profile` };
  if (found === undefined)
    return { profile: oldest, reason: `profile ${wanted} does not exist, nor does an older one` };
  return found === wanted
    ? { profile: found, reason: `the profile for Linux ${release}` }
    : { profile: found, reason: `profile ${wanted} for Linux ${release} does not exist yet` };
}

/**
 * The profile of a name.
 *
 * @throws RangeError for one that does not exist
 */
export function profileNamed(name: string): RseqProfile {
  const profile = RSEQ_PROFILES.find((known) => known === name);
  if (profile === undefined)
    throw new RangeError(`expected --profile of ${RSEQ_PROFILES.join(', ')}, got ${name}`);
  return profile;
}
