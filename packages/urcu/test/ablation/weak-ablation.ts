import { check } from '@rseqlab/explorer';
import type { Finding } from '@rseqlab/explorer';
import type { BarrierKind } from '../../src/domain/barrier-plan.js';
import { ablatedPlan } from './ablation.js';
import type { BarrierPlace } from './ablation.js';
import { oneDirection } from './one-direction.js';

/** What came of searching all halves of the guarantee under the weak model. */
export interface WeakVerdict {
  /** The first that was found. */
  readonly finding?: Finding;
  /** States of all halves. */
  readonly states: number;
  /** Whether every state was taken of every half. */
  readonly isWhole: boolean;
}

/** A section inside of another, before one scan; and one section, before a grace period that goes on. */
const FORMS = [
  { isNested: true, goesOn: false },
  { isNested: false, goesOn: true },
] as const;

/** Takes every state of both directions and both forms, until something is found. */
export function ablateWeak(kind: BarrierKind, without: readonly BarrierPlace[]): WeakVerdict {
  const plan = ablatedPlan(kind, without);
  let states = 0;
  let isWhole = true;
  for (const form of FORMS)
    for (const direction of ['down', 'up'] as const) {
      const program = oneDirection({ direction, plan, machine: { memory: 'weak' }, ...form });
      const result = check(program, { search: 'states', kernelEvents: 0 });
      states += result.states;
      if (result.finding !== undefined) return { finding: result.finding, states, isWhole };
      isWhole &&= result.outcome === 'holds';
    }
  return { states, isWhole };
}
