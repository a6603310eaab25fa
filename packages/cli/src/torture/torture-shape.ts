import { SeededDraw, SignalNumber } from '@rseqlab/sim-machine';
import type { CpuSelection, EventAllowance } from '@rseqlab/sim-machine';

/** What one execution is made of. */
export interface TortureShape {
  readonly cpus: CpuSelection;
  readonly readers: number;
  /** Sections of each reader. */
  readonly sections: number;
  /** Elements that the updater of each domain replaces. */
  readonly updates: number;
  /** Looks at the readers before a grace period sleeps, for the flavours that have the choice. */
  readonly attempts: number;
  readonly events: EventAllowance;
  /** Whether there is a second domain, where there can be one. */
  readonly hasSecondDomain: boolean;
  /** Whether there are `call_rcu`, `rcu_barrier` and polled grace periods. */
  readonly defers: boolean;
  readonly plan: 'one' | 'per CPU';
  /** Whether there is `defer_rcu`. */
  readonly hasRings: boolean;
  readonly forks: boolean;
  readonly handsOver: boolean;
  readonly handlesSignals: boolean;
}

/** Interrupts readers; nothing comes of it where it is not handled. */
export const TORTURE_SIGNAL: number = SignalNumber.SIGURG;

const CPUS: readonly CpuSelection[] = [1, 2, 2, 3, 4];

/** Ids with gaps, not all of which run at the start. */
const SPARSE: CpuSelection = [1, 3, 6];

/** Draws what an execution is made of. */
export function tortureShape(seed: number): TortureShape {
  const draw = new SeededDraw(seed ^ 0x5bd1e995);
  const chance = (one: number): boolean => draw.below(one) === 0;
  const isSparse = chance(6);
  const forks = chance(4);
  const handlesSignals = chance(3);
  return {
    cpus: isSparse ? SPARSE : CPUS[draw.below(CPUS.length)]!,
    readers: 1 + draw.below(3),
    sections: 4 + draw.below(9),
    updates: 3 + draw.below(6),
    attempts: chance(2) ? 1 : 10,
    events: {
      preemption: true,
      migration: true,
      spuriousWakes: chance(2),
      ticks: chance(4),
      hotplug: chance(3),
      pageFaults: chance(4),
      singleSteps: chance(4),
      ...(handlesSignals && { signals: [TORTURE_SIGNAL] }),
    },
    hasSecondDomain: chance(3),
    defers: chance(2),
    plan: chance(2) ? 'one' : 'per CPU',
    hasRings: !forks && chance(3),
    forks,
    handsOver: chance(3),
    handlesSignals,
  };
}
