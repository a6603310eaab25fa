import { ablate, ablatedPlan } from '../ablation/ablation.js';
import type { BarrierPlace } from '../ablation/ablation.js';
import { ablateWeak } from '../ablation/weak-ablation.js';
import { markdownTable } from './markdown-table.js';
import type { BarrierKind } from '../../src/domain/barrier-plan.js';

const PLACES: readonly BarrierPlace[] = ['begin', 'A', 'B', 'C', 'D', 'E', 'wake', 'wait', 'end'];

/** What the search says of a domain without some of its barriers. */
function verdict(
  kind: BarrierKind,
  without: readonly BarrierPlace[],
  memory: 'sc' | 'tso',
): string {
  const { outcome, finding, states, reason } = ablate({ kind, without, memory });
  if (outcome === 'fails') return `fails: ${finding?.kind ?? ''}`;
  return outcome === 'holds' ? `holds in ${states} states` : (reason ?? '');
}

/** What is said of the halves of the guarantee, which are small enough for the weak model. */
function weakVerdict(kind: BarrierKind, without: readonly BarrierPlace[]): string {
  const { finding, states, isWhole } = ablateWeak(kind, without);
  if (finding !== undefined) return `fails: ${finding.kind}`;
  return isWhole ? `holds in ${states} states` : `${states} states`;
}

/** What each barrier is for, by model. */
export function ablationTable(): string {
  const rows = (['fence', 'membarrier'] as const).flatMap((kind) => {
    const whole = ablatedPlan(kind, []);
    const alone = PLACES.filter((place) => whole[place] !== false).map((place) => [place]);
    return [[], ...alone, ['begin', 'A'] as const].map((without) => {
      const names = without.length === 0 ? 'none' : without.join(' and ');
      const row = [
        kind,
        names,
        verdict(kind, without, 'sc'),
        verdict(kind, without, 'tso'),
        weakVerdict(kind, without),
      ];
      console.error(row.join('  '));
      return row;
    });
  });
  return markdownTable(['barriers by', 'without', 'sc', 'tso', 'weak, in halves'], rows);
}
