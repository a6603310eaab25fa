import { rseq } from '@rseqlab/rseq-runtime';
import type { Machine, MemoryModelName, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { CallRcu, DeferRcu, GracePeriodPoll, RcuDomain } from '@rseqlab/urcu';
import type { RcuFlavour, RcuToken } from '@rseqlab/urcu';
import { DEFERRED } from '../../src/torture/deferred-torture.js';
import type { DeferredParts } from '../../src/torture/deferred-torture.js';
import { oneProcess } from '../../src/torture/one-process.js';
import { severalProcesses } from '../../src/torture/several-processes.js';
import type { TorturedRcu } from '../../src/torture/torture-flavours.js';
import type { TortureProgram } from '../../src/torture/torture-run.js';
import type { TortureFailure } from '../../src/torture/torture.js';

/** A class of bugs: a torture that has one, what it is found as, and the same without the bug. */
export interface BrokenTorture {
  readonly words: string;
  readonly finds: TortureFailure['kind'];
  /** Default `sc`. */
  readonly memory?: MemoryModelName;
  /** From where on it does not take long; default 1. */
  readonly seed?: number;
  readonly broken: TortureProgram;
  readonly twin: TortureProgram;
}

type MakeRcu = (machine: Machine, process: Process) => TorturedRcu;

const twin = oneProcess({ kernel: [rseq()], make: (m, p) => RcuDomain.create(m, p) });

function* nothing(): Operation<void> {
  // Does not wait.
}

/** A torture of a flavour that is not as it should be. */
function ofRcu(make: MakeRcu): TortureProgram {
  return oneProcess({ kernel: [rseq()], make });
}

/** A domain of which one method is another. */
function domainWith(changes: (domain: RcuDomain) => Partial<RcuDomain>): MakeRcu {
  return (machine, process) => {
    const domain = RcuDomain.create(machine, process, { leftBy: 'anybody' });
    return Object.assign(domain, changes(domain));
  };
}

/** A torture whose deferred work is not as it should be. */
function ofDeferred(parts: Partial<DeferredParts>): TortureProgram {
  const make: MakeRcu = (machine, process) => RcuDomain.create(machine, process);
  return oneProcess({ kernel: [rseq()], make }, { ...DEFERRED, ...parts });
}

/** A flavour whose grace periods pass at once, for who waits behind the back of its readers. */
function hasty(rcu: RcuFlavour): RcuFlavour {
  return Object.create(rcu, {
    synchronize: { value: nothing },
    registerThread: { value: nothing },
    unregisterThread: { value: nothing },
  }) as RcuFlavour;
}

/** Locks without a fence beside an updater that relies on them. */
const unfenced: MakeRcu = (machine, process) => {
  const domain = RcuDomain.create(machine, process, { barriers: 'fence', leftBy: 'anybody' });
  const { lock, locked } = RcuDomain.create(machine, process, { leftBy: 'anybody' }).readSide;
  return Object.assign(domain, {
    *readLock(t: Thread): Operation<RcuToken> {
      if (!t.exec(lock, domain.address)) yield;
      return locked(t);
    },
  });
};

/** One whose sections have the period that the thread took last. @source userspace-rcu (urcu-percpu) eb7b031 */
const onePeriod = domainWith((domain) => {
  const { readLock, readUnlock } = domain;
  const last = new Map<number, number>();
  return {
    *readLock(t) {
      const token = yield* readLock.call(domain, t);
      last.set(t.id, token & 1);
      return token;
    },
    readUnlock: (t, token) =>
      readUnlock.call(domain, t, ((token & ~1) | last.get(t.id)!) as RcuToken),
  };
});

/** Domains that are one. */
const shared = (): MakeRcu => {
  const domains = new WeakMap<Process, RcuDomain>();
  return (machine, process) => {
    const domain = RcuDomain.create(machine, process);
    const first = domains.get(process);
    if (first === undefined) domains.set(process, domain);
    else
      domain.synchronize = function* (t) {
        yield* first.synchronize(t);
        yield* RcuDomain.prototype.synchronize.call(domain, t);
      };
    return domain;
  };
};

/** For each class of bugs the smallest change that brings it. */
export const BROKEN_TORTURES: readonly BrokenTorture[] = [
  {
    words: 'grace periods do not wait',
    finds: 'too-short',
    broken: ofRcu(domainWith(() => ({ synchronize: nothing }))),
    twin,
  },
  {
    words: 'expedited grace periods alone do not wait',
    finds: 'too-short',
    broken: ofRcu(domainWith(() => ({ synchronizeExpedited: nothing }))),
    twin,
  },
  {
    words: 'a lock has no fence, and updaters no membarrier',
    finds: 'too-short',
    memory: 'tso',
    seed: 10030,
    broken: ofRcu(unfenced),
    twin: ofRcu((machine, process) => RcuDomain.create(machine, process, { barriers: 'fence' })),
  },
  {
    words: 'an unlock is not counted',
    finds: 'stuck',
    broken: ofRcu(domainWith(() => ({ readUnlock: (t) => t.fence() }))),
    twin,
  },
  {
    words: 'an unlock does not wake who waits for it',
    finds: 'stuck',
    broken: ofRcu(
      domainWith((domain) => ({
        *readUnlock(t, token) {
          if (!t.exec(domain.readSide.unlock, domain.address, token)) yield;
        },
      })),
    ),
    twin,
  },
  {
    words: 'the period is kept in the thread, not in the token',
    finds: 'stuck',
    broken: ofRcu(onePeriod),
    twin,
  },
  {
    words: 'a grace period of one domain waits for readers of another',
    finds: 'stuck',
    broken: ofRcu(shared()),
    twin,
  },
  {
    words: 'a forked child is not told',
    finds: 'stuck',
    broken: ofRcu(domainWith(() => ({ afterForkChild: nothing }))),
    twin,
  },
  {
    words: 'callbacks are called before a grace period has passed',
    finds: 'too-short',
    seed: 20001,
    broken: ofDeferred({
      callRcu: (machine, process, rcu, plan) => CallRcu.create(machine, process, hasty(rcu), plan),
    }),
    twin,
  },
  {
    words: 'functions of defer_rcu are called before a grace period has passed',
    finds: 'too-short',
    seed: 10,
    broken: ofDeferred({
      rings: (process, rcu, options) => DeferRcu.create(process, hasty(rcu), options),
    }),
    twin,
  },
  {
    words: 'a barrier does not wait',
    finds: 'wrong',
    broken: ofDeferred({
      callRcu: (machine, process, rcu, plan) =>
        Object.assign(CallRcu.create(machine, process, rcu, plan), { barrier: nothing }),
    }),
    twin,
  },
  {
    words: 'polled grace periods are numbered without a lock',
    finds: 'wrong',
    seed: 30330,
    broken: ofDeferred({
      poll: (process, deferred) =>
        GracePeriodPoll.create(process, deferred, { isSynchronised: false }),
    }),
    twin,
  },
  {
    words: 'cookies have too few bits',
    finds: 'stuck',
    seed: 20045,
    broken: ofDeferred({
      poll: (process, deferred) => GracePeriodPoll.create(process, deferred, { bits: 2 }),
    }),
    twin,
  },
  {
    words: 'nobody looks for processes that were killed',
    finds: 'stuck',
    seed: 40001,
    broken: severalProcesses({ checkNs: Infinity }),
    twin: severalProcesses(),
  },
];
