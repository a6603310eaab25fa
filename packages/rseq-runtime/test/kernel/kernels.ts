import { RSEQ_PROFILES } from '../../src/kernel/profiles/rseq-profiles.js';
import type { RseqOptions } from '../../src/kernel/rseq-options.js';

/** A kernel to test, by name: every profile, and v7.1 as an old C library finds it. */
export interface KernelUnderTest {
  readonly name: string;
  readonly options: RseqOptions;
}

/** All of them. */
export const KERNELS: readonly KernelUnderTest[] = [
  ...RSEQ_PROFILES.map((profile) => ({ name: profile, options: { profile } })),
  { name: 'v7.1 legacy', options: { profile: 'v7.1', areaLength: 32 } },
];

/** Those of some names. */
export function kernels(...names: readonly string[]): readonly KernelUnderTest[] {
  return KERNELS.filter(({ name }) => names.includes(name));
}

/** Kernels that collect events in a mask. */
export const MASKED = kernels('rfc-2017', 'v4.18', 'v6.1', 'v6.18');

/** Kernels that look at a section only where user code was interrupted. */
export const OPTIMIZED = kernels('v6.19', 'v7.1');
