import { check } from '@rseqlab/explorer';
import type { CheckOptions, CheckResult } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { barrierPlanOf } from '../../src/domain/barrier-plan.js';
import type { BarrierKind, BarrierPlan } from '../../src/domain/barrier-plan.js';
import { bothDirections } from './both-directions.js';

/** A place of the algorithm where a barrier stands. */
export type BarrierPlace = keyof BarrierPlan;

/** Which barriers are taken out, and where it is looked what that does. */
export interface Ablation {
  readonly kind: BarrierKind;
  /** Places that are left without a barrier; none for the whole algorithm. */
  readonly without: readonly BarrierPlace[];
  readonly memory: MemoryModelName;
}

/** The plan of a kind, with nothing at some of its places. */
export function ablatedPlan(kind: BarrierKind, without: readonly BarrierPlace[]): BarrierPlan {
  const plan = barrierPlanOf(kind);
  const nothing = without.map((place) => [
    place,
    typeof plan[place] === 'boolean' ? false : 'none',
  ]);
  return { ...plan, ...(Object.fromEntries(nothing) as Partial<BarrierPlan>) };
}

/** Searches the guarantee of grace periods without those barriers; without kernel events. */
export function ablate(
  { kind, without, memory }: Ablation,
  options: CheckOptions = {},
): CheckResult {
  const scenario = bothDirections({ plan: ablatedPlan(kind, without), machine: { memory } });
  return check(scenario, { search: 'states', kernelEvents: 0, ...options });
}
