import type { RseqProfile } from '@rseqlab/rseq-runtime';
import type { Agreement, ComparedCase } from '../compare/compare.js';
import type { KernelNote } from '../real/kernel-note.js';

/** Everything that a run of the comparison says. */
export interface ConformanceReport {
  readonly kernel: KernelNote;
  readonly profile: RseqProfile;
  /** Why this profile. */
  readonly profileReason: string;
  readonly rows: readonly ComparedCase[];
  readonly counts: Readonly<Record<Agreement, number>>;
  /** Cases that agree although a disagreement is explained: the explanation is out of date. */
  readonly outdated: readonly string[];
}

/** How many rows there are of each kind. */
export function countRows(rows: readonly ComparedCase[]): Readonly<Record<Agreement, number>> {
  const counts = { agree: 0, explained: 0, disagree: 0, unavailable: 0, inexpressible: 0 };
  for (const { agreement } of rows) counts[agreement] += 1;
  return counts;
}
