import {
  RSEQ_FLAG_UNREGISTER,
  RSEQ_OFFSET,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  rseq,
} from '@rseqlab/rseq-runtime';
import { CountedFlavour, QsbrFlavour, RcuDomain } from '@rseqlab/urcu';
import type { CountedName, ForkHandlers, RcuFlavour } from '@rseqlab/urcu';
import { SyscallNumber } from '@rseqlab/sim-machine';
import type { KernelModule, Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';

/** A flavour that survives fork; all of them do. */
export type TorturedRcu = RcuFlavour & ForkHandlers;

/** How a flavour is made and used in a torture. */
export interface TortureFlavour {
  readonly kernel: readonly KernelModule[];
  /** @param attempts looks at the readers before a grace period sleeps, where that is a choice */
  make(machine: Machine, process: Process, attempts: number): TorturedRcu;
  /** Whether threads need not be registered, since they do so in their first section. */
  readonly registersItself?: boolean;
  /** What a thread does between two of its sections, by the number of the next. */
  between?(t: Thread, section: number): Operation<void>;
}

const withRseq = { kernel: [rseq()] } as const;

/** The names of those of one process. */
export type TortureFlavourName =
  'per-cpu' | 'per-cpu-fences' | 'per-cpu-atomic' | 'per-cpu-mixed' | CountedName | 'qsbr';

/** Those of one process. */
export const TORTURE_FLAVOURS: Readonly<Record<TortureFlavourName, TortureFlavour>> = {
  'per-cpu': { ...withRseq, make: (machine, process) => RcuDomain.create(machine, process) },
  'per-cpu-fences': {
    ...withRseq,
    make: (machine, process) => RcuDomain.create(machine, process, { barriers: 'fence' }),
  },
  'per-cpu-atomic': { kernel: [], make: (machine, process) => RcuDomain.create(machine, process) },
  'per-cpu-mixed': {
    ...withRseq,
    make: (machine, process) => RcuDomain.create(machine, process),
    between: changeRegistration,
  },
  memb: counted('memb'),
  mb: counted('mb'),
  bp: { ...counted('bp'), registersItself: true },
  qsbr: {
    ...withRseq,
    make: (machine, process, attempts) => QsbrFlavour.create(machine, process, undefined, attempts),
  },
};

function counted(name: CountedName): TortureFlavour {
  return {
    ...withRseq,
    make: (machine, process, attempts) =>
      CountedFlavour.create(machine, process, name, { attempts }),
  };
}

/** Every other section has rseq: sections and atomics count the same readers. */
export function* changeRegistration(t: Thread, section: number): Operation<void> {
  const flags = (section + t.id) % 2 === 0 ? RSEQ_FLAG_UNREGISTER : 0;
  const area = t.threadPointer + RSEQ_OFFSET;
  yield* t.syscall(SyscallNumber.rseq, area, RSEQ_ORIGINAL_SIZE, flags, RSEQ_SIGNATURE);
}
