import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { CountedFlavour, QsbrFlavour, RcuDomain } from '@rseqlab/urcu';
import type { CountedName, RcuFlavour, RcuToken } from '@rseqlab/urcu';

/** What read sections are made of. */
export type ReadSide = Pick<
  RcuFlavour,
  'registerThread' | 'readLock' | 'readUnlock' | 'threadOffline'
>;

/** Looks at the readers before a grace period sleeps. @source liburcu, RCU_QS_ACTIVE_ATTEMPTS */
const ATTEMPTS = 100;

const counted =
  (name: CountedName) =>
  (machine: Machine, process: Process, readers: number): RcuFlavour =>
    CountedFlavour.create(machine, process, name, { readers, attempts: ATTEMPTS });

/** A domain whose updaters look as often as the others before they sleep. */
function perCpu(machine: Machine, process: Process): RcuFlavour {
  const domain = RcuDomain.create(machine, process);
  domain.synchronize = (t) => domain.synchronizeExpedited(t);
  return domain;
}

/** Flavours of RCU by name, the cheapest read side first as they were published. */
export const FLAVOURS = {
  qsbr: (machine: Machine, process: Process, readers: number): RcuFlavour =>
    QsbrFlavour.create(machine, process, readers, ATTEMPTS),
  memb: counted('memb'),
  bp: counted('bp'),
  'per-CPU': perCpu,
  mb: counted('mb'),
} as const;

/** One of {@link FLAVOURS}. */
export type FlavourName = keyof typeof FLAVOURS;

/** A lock that readers share: each counts itself in and out, in one word. */
function readersOfLock(_machine: Machine, process: Process): ReadSide {
  const word = process.allocate(64, 64);
  const nothing = function* nothing(): Operation<void> {
    // A lock knows no threads.
  };
  return {
    registerThread: nothing,
    *readLock(t: Thread) {
      return (yield* t.fetchAdd(word, 1)) as RcuToken;
    },
    *readUnlock(t: Thread) {
      yield* t.fetchAdd(word, -1);
    },
    threadOffline: nothing,
  };
}

/** Read sides by name: all flavours, and what they are compared with. */
export const READ_SIDES = { ...FLAVOURS, 'reader-writer lock': readersOfLock } as const;

/** One of {@link READ_SIDES}. */
export type ReadSideName = keyof typeof READ_SIDES;
