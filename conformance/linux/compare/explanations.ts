import type { RseqProfile } from '@rseqlab/rseq-runtime';

/** Why the simulated kernel answers some cases otherwise than the running one. */
export interface Explanation {
  readonly reason: string;
  /** Kernel releases that it is about, as major and minor: from the first, up to before the second. */
  readonly kernels: readonly [from: string, before: string];
  /** Profiles that it is about. */
  readonly profiles: readonly RseqProfile[];
  /** What each side answers, by case; any other pair of answers is not explained. */
  readonly answers: Readonly<Record<string, readonly [real: string, simulated: string]>>;
}

/** Every disagreement that is known. */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    reason:
      'Linux 6.3 made the area extensible: a length over 32 is taken when it covers the feature ' +
      'size. The profile describes 6.1, which takes 32 and nothing else.',
    kernels: ['6.3', '6.19'],
    profiles: ['v6.1'],
    answers: {
      'register-length-33': ['0', 'EINVAL'],
      'register-length-64': ['0', 'EINVAL'],
    },
  },
  {
    reason:
      'Linux 6.3 tells size and alignment of the area; the profile describes 6.1, which does not.',
    kernels: ['6.3', '6.19'],
    profiles: ['v6.1'],
    answers: { 'feature-size': ['28', '0'], alignment: ['32', '0'] },
  },
  {
    reason: 'Linux 6.3 added node_id and mm_cid; the profile describes 6.1, which writes neither.',
    kernels: ['6.3', '6.19'],
    profiles: ['v6.1'],
    answers: {
      'node-id': ['0 0', '0 77'],
      'mm-cid': ['0 0', '0 77'],
      'node-id-mm-cid-unregistered': ['0 0 0 0', '0 0 77 77'],
    },
  },
  {
    reason:
      'Linux 6.3 tells a tracer the length that was registered, which is 0 when none was; before, it ' +
      'is the size of the structure in any case.',
    kernels: ['6.3', '6.19'],
    profiles: ['v6.1'],
    answers: {
      'ptrace-configuration-unregistered': [
        '24 pointer=0 size=0 signature=0 flags=0',
        '24 pointer=0 size=32 signature=0 flags=0',
      ],
    },
  },
];
