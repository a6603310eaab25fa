import type { Operation, Thread } from '@rseqlab/sim-machine';
import { UrcuError } from '../urcu-error.js';
import type { BarrierKind } from '../domain/barrier-plan.js';
import { REGION_MAGIC, REGION_VERSION, RegionOffset } from './region-layout.js';
import type { RegionShape } from './region-layout.js';

/** What all processes of a region have to agree on. */
export interface RegionTerms extends RegionShape {
  /** How readers and updaters are ordered: a fence on one side alone would order nothing. */
  readonly barriers: BarrierKind;
}

/** Numbers of the barriers in the header; `membarrier` does not reach other processes. */
const SHARED_BARRIERS = { fence: 1, 'global membarrier': 2 } as const;

/**
 * Sets the header of a region that is all zero, or finds it as expected.
 *
 * Word by word, each by one compare-and-exchange from 0: whoever comes at the same time writes the same
 * words, and whoever dies half way leaves the rest to the next.
 *
 * @param region address of the region
 * @throws UrcuError `ERR_REGION` for memory that is no region, or one of other terms
 */
export function* agreeOnHeader(t: Thread, region: number, terms: RegionTerms): Operation<void> {
  for (const { offset, name, value } of wordsOf(terms)) {
    const found = yield* t.compareExchange(region + offset, 0, value);
    if (found !== 0 && found !== value) throw disagreement(name, value, found);
  }
}

/** {@link agreeOnHeader} for the host, which sets nothing. @throws UrcuError `ERR_REGION` likewise */
export function checkHeader(read: (offset: number) => number, terms: RegionTerms): void {
  for (const { offset, name, value } of wordsOf(terms)) {
    const found = read(offset);
    if (found !== 0 && found !== value) throw disagreement(name, value, found);
  }
}

function wordsOf(terms: RegionTerms): { offset: number; name: string; value: number }[] {
  const barriers = (SHARED_BARRIERS as Partial<Record<BarrierKind, number>>)[terms.barriers];
  if (barriers === undefined)
    throw new UrcuError(
      'ERR_BARRIERS',
      `expected barriers that reach every process (${Object.keys(SHARED_BARRIERS).join(', ')}), got ` +
        terms.barriers,
    );
  return [
    { offset: RegionOffset.magic, name: 'magic', value: REGION_MAGIC },
    { offset: RegionOffset.version, name: 'version', value: REGION_VERSION },
    { offset: RegionOffset.cpus, name: 'CPUs', value: terms.cpus },
    { offset: RegionOffset.slots, name: 'slots', value: terms.slots },
    { offset: RegionOffset.barriers, name: 'kind of barriers', value: barriers },
  ];
}

function disagreement(name: string, expected: number, found: number): UrcuError {
  return new UrcuError('ERR_REGION', `expected a region with ${name} ${expected}, got ${found}`);
}
