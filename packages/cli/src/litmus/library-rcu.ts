import { createKernelRcu } from '@rseqlab/explorer';
import type { RcuBackend, RcuEnvironment } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { CountedFlavour, QsbrFlavour, RcuDomain } from '@rseqlab/urcu';
import type { RcuFlavour } from '@rseqlab/urcu';
import { FlavourPort } from './flavour-port.js';

/** What can stand behind the RCU of C tests: the simple one of a kernel, or the library. */
export const LITMUS_RCUS = [
  'kernel',
  'percpu',
  'percpu-fence',
  'percpu-atomic',
  'memb',
  'mb',
  'bp',
  'qsbr',
] as const;

/** One of {@link LITMUS_RCUS}. */
export type LitmusRcu = (typeof LITMUS_RCUS)[number];

type Maker = (environment: RcuEnvironment) => RcuFlavour;

const MAKERS: Readonly<Record<Exclude<LitmusRcu, 'kernel'>, Maker>> = {
  percpu: ({ machine, process }) => RcuDomain.create(machine, process),
  'percpu-fence': ({ machine, process }) =>
    RcuDomain.create(machine, process, { barriers: 'fence' }),
  // The same domain, of a kernel that has no rseq.
  'percpu-atomic': ({ machine, process }) => RcuDomain.create(machine, process),
  memb: ({ machine, process }) => CountedFlavour.create(machine, process, 'memb'),
  mb: ({ machine, process }) => CountedFlavour.create(machine, process, 'mb'),
  bp: ({ machine, process }) => CountedFlavour.create(machine, process, 'bp'),
  qsbr: ({ machine, process }) => QsbrFlavour.create(machine, process),
};

/** The RCU of a name, with what it needs of a kernel. */
export function litmusRcu(name: LitmusRcu): RcuBackend {
  if (name === 'kernel') return { create: createKernelRcu };
  const make = MAKERS[name];
  const barriers = name === 'percpu-fence' ? 'fence' : 'membarrier';
  return {
    create: (environment) => new FlavourPort(environment, make(environment), barriers),
    // Readers of a domain count by a restartable sequence where the thread is registered, which it is from its start.
    kernel: name === 'percpu-atomic' ? [] : [rseq()],
    isSimulated: true,
  };
}
