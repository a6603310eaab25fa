import { CostKind } from '@rseqlab/sim-machine';

/**
 * What pinning one page and letting it go costs when it is there already, in primitives of the cost
 * model: a walk of four levels of page tables, and a reference taken and dropped. An estimate: no
 * figure was published.
 *
 * @source mm/gup.c (the fast path of get_user_pages)
 */
export const PIN_COST: readonly (readonly [kind: CostKind, times: number])[] = [
  [CostKind.Instruction, 16],
  [CostKind.LoadHit, 4],
  [CostKind.Atomic, 2],
];
