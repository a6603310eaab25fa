import type { Machine, Process } from '@rseqlab/sim-machine';
import { CountedFlavour } from '../src/classic/counted-flavour.js';
import { QsbrFlavour } from '../src/classic/qsbr-flavour.js';
import { RcuDomain } from '../src/domain/rcu-domain.js';
import type { RcuFlavour } from '../src/rcu-flavour.js';

/** How a flavour is made in a scenario. */
export type MakeFlavour = (machine: Machine, process: Process) => RcuFlavour;

/** All flavours, each with membarrier and without where that is a difference. */
export const EVERY_FLAVOUR: Readonly<Record<string, MakeFlavour>> = {
  'per-CPU': (machine, process) => RcuDomain.create(machine, process),
  'per-CPU with fences': (machine, process) =>
    RcuDomain.create(machine, process, { barriers: 'fence' }),
  memb: (machine, process) => CountedFlavour.create(machine, process, 'memb'),
  'memb with fences': (machine, process) =>
    CountedFlavour.create(machine, process, 'memb', { membarrier: false }),
  mb: (machine, process) => CountedFlavour.create(machine, process, 'mb'),
  bp: (machine, process) => CountedFlavour.create(machine, process, 'bp'),
  qsbr: (machine, process) => QsbrFlavour.create(machine, process),
};
