import type { CostKindName } from './cost-kind.js';

/**
 * What a cost rests on.
 *
 * - `published`: fitted to a measured primitive of this machine (see `PUBLISHED_PRIMITIVES`)
 * - `literature`: measured or specified elsewhere, for this processor or its closest relative
 * - `estimate`: the order of magnitude is right, the figure is nobody's
 */
export type CostBasis = 'published' | 'literature' | 'estimate';

/** One cost and where it comes from. */
export interface CostParameter {
  /** A multiple of 1/16 cycle, so that sums of costs are exact in a double. */
  readonly cycles: number;
  readonly basis: CostBasis;
  /** Publication, manual, or the reasoning of an estimate. */
  readonly source: string;
}

/** What everything costs on a named machine. */
export interface CostParameters {
  /** For reports and replay tokens. */
  readonly name: string;
  /** Processor, its clock and what was assumed about it. */
  readonly description: string;
  /** Cycles a microsecond. */
  readonly frequencyMhz: number;
  readonly costs: Readonly<Record<CostKindName, CostParameter>>;
}

/** A cost fitted to a published primitive figure of the machine. */
export function published(cycles: number, source: string): CostParameter {
  return { cycles, basis: 'published', source };
}

/** A cost taken from a publication about the processor or a close relative. */
export function literature(cycles: number, source: string): CostParameter {
  return { cycles, basis: 'literature', source };
}

/** A cost of which only the order of magnitude is claimed. */
export function estimate(cycles: number, source: string): CostParameter {
  return { cycles, basis: 'estimate', source };
}
