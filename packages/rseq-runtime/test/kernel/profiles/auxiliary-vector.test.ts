import { describe, expect, it } from 'vitest';
import { RseqAuxiliary, rseqAuxiliaryValue } from '../../../src/kernel/auxiliary-vector.js';
import type { RseqProfile } from '../../../src/kernel/profiles/rseq-profiles.js';

const { AT_RSEQ_FEATURE_SIZE, AT_RSEQ_ALIGN } = RseqAuxiliary;

describe('the auxiliary vector', () => {
  it.each<readonly [profile: RseqProfile, featureSize: number, align: number]>([
    ['rfc-2017', 0, 0],
    ['v4.18', 0, 0],
    ['v6.1', 0, 0],
    ['v6.18', 28, 32],
    ['v6.19', 28, 32],
    ['v7.1', 33, 64],
  ])('of %s says feature size %i, alignment %i', (profile, featureSize, align) => {
    expect(rseqAuxiliaryValue(profile, AT_RSEQ_FEATURE_SIZE)).toBe(featureSize);
    expect(rseqAuxiliaryValue(profile, AT_RSEQ_ALIGN)).toBe(align);
  });

  it('is of no profile that does not exist: ERR_PROFILE', () => {
    expect(() => rseqAuxiliaryValue('v9' as 'v6.1', AT_RSEQ_ALIGN)).toThrow(
      expect.objectContaining({ code: 'ERR_PROFILE' }),
    );
  });

  it('has the numbers of Linux', () => {
    expect(RseqAuxiliary).toEqual({ AT_RSEQ_FEATURE_SIZE: 27, AT_RSEQ_ALIGN: 28 });
  });
});
