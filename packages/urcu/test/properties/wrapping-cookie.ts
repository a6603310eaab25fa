import { scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import type { MemoryModelName, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { GracePeriodPoll } from '../../src/deferred/grace-period-poll.js';
import type { Deferral } from '../../src/deferred/grace-period-poll.js';
import type { CallbackId, DeferredCallback } from '../../src/deferred/deferred-callbacks.js';
import type { RcuFlavour } from '../../src/rcu-flavour.js';
import { ShortestGracePeriods } from '../structures/shortest-grace-periods.js';

/** Cookies of few bits. */
export interface WrappingCookie {
  readonly bits: number;
  /** The number of the grace period before the first. */
  readonly passed: number;
  /** Grace periods that another thread asks for, one after the other. */
  readonly others: number;
  readonly memory?: MemoryModelName;
  /** Whether numbers are compared as if they never wrapped. */
  readonly isPlain?: boolean;
}

/** The one call that polls defer, made by who has deferred it. */
class OwnCall implements Deferral {
  readonly #rcu: RcuFlavour;
  readonly #waits: number;
  #callback: DeferredCallback | undefined;

  constructor(process: Process, rcu: RcuFlavour) {
    this.#rcu = rcu;
    this.#waits = process.allocate(8);
  }

  define(callback: DeferredCallback): CallbackId {
    this.#callback = callback;
    return 1 as CallbackId;
  }

  *call(t: Thread): Operation<void> {
    yield* t.store(this.#waits + 4 * t.id, 1);
  }

  /** Waits for grace periods and makes the call, as often as the calling thread has deferred it. */
  *make(t: Thread): Operation<void> {
    while ((yield* t.load(this.#waits + 4 * t.id)) !== 0) {
      yield* t.store(this.#waits + 4 * t.id, 0);
      yield* this.#rcu.synchronize(t);
      yield* this.#callback!(t, 0);
    }
  }
}

/**
 * A thread polls a cookie inside of the section that it was made in, and again when all is over, while another has
 * grace periods pass. Those are the shortest that there may be.
 */
export function wrappingCookie(options: WrappingCookie): Scenario {
  const { bits, passed, others, memory = 'sc', isPlain = false } = options;
  return scenario({
    name: 'a cookie across the wrap',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1, memory },
    events: { preemption: false, migration: false },
    setup(lab) {
      const { machine, process } = lab;
      const rcu = new ShortestGracePeriods(machine, process, 2);
      const deferred = new OwnCall(process, rcu);
      const polls = GracePeriodPoll.create(process, deferred, { bits });
      const isOver = process.allocate(4);
      process.write32(polls.address, passed);
      process.spawn(
        function* poller(t) {
          yield* rcu.readLock(t);
          const cookie = yield* polls.start(t);
          const hasPassed = isPlain
            ? (yield* t.loadAcquire(polls.address)) >= cookie
            : yield* polls.poll(t, cookie);
          lab.expect(!hasPassed, 'no grace period to pass with a reader inside', t);
          yield* rcu.readUnlock(t);
          yield* deferred.make(t);
          yield* t.waitUntilEqual(isOver, 1);
          const passedInTheEnd = yield* polls.poll(t, cookie);
          lab.expect(passedInTheEnd, 'the grace period to have passed in the end', t);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* other(t) {
          for (let n = 0; n < others; n++) {
            yield* polls.start(t);
            yield* deferred.make(t);
          }
          yield* t.storeRelease(isOver, 1);
        },
        { cpu: 1 },
      );
    },
  });
}
