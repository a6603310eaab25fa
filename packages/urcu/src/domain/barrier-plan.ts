import { UrcuError } from '../urcu-error.js';

/**
 * How the two sides of a domain are ordered.
 *
 * `membarrier`: readers have no fence; an updater interrupts the CPUs of its process
 * (MEMBARRIER_CMD_PRIVATE_EXPEDITED). `global membarrier`: the same, of all processes that are
 * registered for it, which is what a domain in shared memory needs
 * (MEMBARRIER_CMD_GLOBAL_EXPEDITED). `fence`: both sides have fences; needs no system call.
 */
export type BarrierKind = 'membarrier' | 'global membarrier' | 'fence';

/** What stands at a place where an updater has to order its accesses. */
export type UpdaterBarrier = 'private' | 'global' | 'fence' | 'none';

/**
 * What stands at each place of the algorithm where order matters; the letters are those of SRCU.
 *
 * | place   | side    | where                                  | role                                        |
 * |---------|---------|----------------------------------------|---------------------------------------------|
 * | begin   | updater | before the first scan                  | earlier stores come before the scan         |
 * | A       | updater | between sum of unlocks and of locks    | a counted unlock implies its lock           |
 * | B       | reader  | behind the increment of lock           | the section does not leak up                |
 * | C       | reader  | before the increment of unlock         | the section does not leak down              |
 * | D       | updater | behind the flip                        | bounds increments under the old period      |
 * | E       | updater | before the flip                        | documented as redundant                     |
 * | wake    | reader  | between increment of unlock and futex  | a reader that is not counted sees the futex |
 * | wait    | updater | between store to futex and scan        | the other half of it                        |
 * | end     | updater | before synchronize returns             | later stores come behind the scan           |
 *
 * @source linux, kernel/rcu/srcutree.c; libside, src/lib/librcu
 */
export interface BarrierPlan {
  readonly begin: UpdaterBarrier;
  readonly A: UpdaterBarrier;
  readonly B: boolean;
  readonly C: boolean;
  readonly D: UpdaterBarrier;
  readonly E: UpdaterBarrier;
  readonly wake: boolean;
  readonly wait: UpdaterBarrier;
  readonly end: UpdaterBarrier;
}

/** The plan of a kind of barriers. */
export function barrierPlanOf(kind: BarrierKind): BarrierPlan {
  const plan = PLANS[kind] as BarrierPlan | undefined;
  if (plan === undefined)
    throw new UrcuError(
      'ERR_BARRIERS',
      `expected barriers to be ${Object.keys(PLANS).join(', ')}, got ${JSON.stringify(kind)}`,
    );
  return plan;
}

function planOf(updater: UpdaterBarrier, readersFence: boolean): BarrierPlan {
  return {
    begin: updater,
    A: updater,
    B: readersFence,
    C: readersFence,
    D: updater,
    E: updater,
    wake: readersFence,
    wait: updater,
    end: updater,
  };
}

const PLANS: Readonly<Record<BarrierKind, BarrierPlan>> = {
  membarrier: planOf('private', false),
  'global membarrier': planOf('global', false),
  fence: planOf('fence', true),
};
