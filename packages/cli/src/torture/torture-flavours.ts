import { CountedFlavour, QsbrFlavour, RcuDomain } from '@rseqlab/urcu';
import type { RcuFlavour } from '@rseqlab/urcu';
import type { Machine, Process } from '@rseqlab/sim-machine';

/** Makes a flavour of RCU for a process. */
export type TortureFlavour = (machine: Machine, process: Process) => RcuFlavour;

/** The names of the flavours that can be tortured. */
export const TORTURE_FLAVOUR_NAMES = [
  'per-cpu',
  'per-cpu-fences',
  'memb',
  'mb',
  'bp',
  'qsbr',
] as const;

/** One of {@link TORTURE_FLAVOUR_NAMES}. */
export type TortureFlavourName = (typeof TORTURE_FLAVOUR_NAMES)[number];

/** All of them. */
export const TORTURE_FLAVOURS: Readonly<Record<TortureFlavourName, TortureFlavour>> = {
  'per-cpu': (machine, process) => RcuDomain.create(machine, process),
  'per-cpu-fences': (machine, process) => RcuDomain.create(machine, process, { barriers: 'fence' }),
  memb: (machine, process) => CountedFlavour.create(machine, process, 'memb'),
  mb: (machine, process) => CountedFlavour.create(machine, process, 'mb'),
  bp: (machine, process) => CountedFlavour.create(machine, process, 'bp'),
  qsbr: (machine, process) => QsbrFlavour.create(machine, process),
};
