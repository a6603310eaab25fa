import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import type { CallbackId } from '../../src/deferred/deferred-callbacks.js';
import type { DeferredCallback } from '../../src/deferred/deferred-callbacks.js';
import type { Deferral } from '../../src/deferred/grace-period-poll.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuFlavour } from '../../src/rcu-flavour.js';
import { ShortestGracePeriods } from './shortest-grace-periods.js';

/** What stands behind a structure: grace periods, and deferred work. */
export interface Reclamation {
  readonly rcu: RcuFlavour;
  readonly deferred: Deferral;
  /** Behind each operation of a thread, outside of its section. */
  settle(t: Thread): Operation<void>;
  /** By the last thread that ends. */
  end(t: Thread): Operation<void>;
}

/** How a {@link Reclamation} is made for threads of a process, of which the structure defers or not. */
export type MakeReclamation = (
  machine: Machine,
  process: Process,
  use: { readonly threads: number; readonly defers: boolean },
) => Reclamation;

/** The library's own domain, and its worker if there is something to defer. */
export const realReclamation: MakeReclamation = (machine, process, { defers }) => {
  const rcu = RcuDomain.create(machine, process, { barriers: 'fence' });
  const deferred = CallRcu.create(machine, process, rcu);
  if (defers) deferred.spawnWorkers();
  return { rcu, deferred, settle: nothing, end: (t) => (defers ? deferred.stop(t) : nothing()) };
};

/** The least there can be: each thread does what it has deferred behind its operation. */
export const shortestReclamation: MakeReclamation = (machine, process, { threads, defers }) => {
  const rcu = new ShortestGracePeriods(machine, process, threads);
  const deferred = new OwnDeferral(process, rcu, threads);
  return { rcu, deferred, settle: defers ? (t) => deferred.settle(t) : nothing, end: nothing };
};

/** The same, but that what is deferred never comes: dummies of a queue are not used again. */
export const deferringForEver: MakeReclamation = (machine, process, { threads }) => {
  const rcu = new ShortestGracePeriods(machine, process, threads);
  const deferred = { define: () => 0 as CallbackId, call: nothing };
  return { rcu, deferred, settle: nothing, end: nothing };
};

/** Deferred work without workers: heads in a list for each thread, until it comes to them. */
class OwnDeferral implements Deferral {
  readonly #rcu: RcuFlavour;
  readonly #lists: number;
  readonly #callbacks: DeferredCallback[] = [];

  constructor(process: Process, rcu: RcuFlavour, threads: number) {
    this.#rcu = rcu;
    this.#lists = process.allocate(4 * threads);
  }

  define(callback: DeferredCallback): CallbackId {
    return (this.#callbacks.push(callback) - 1) as CallbackId;
  }

  *call(t: Thread, head: number, callback: CallbackId): Operation<void> {
    const list = this.#lists + 4 * t.id;
    yield* t.store(head, yield* t.load(list));
    yield* t.store(head + 4, callback);
    yield* t.store(list, head);
  }

  *settle(t: Thread): Operation<void> {
    const list = this.#lists + 4 * t.id;
    let head = yield* t.load(list);
    if (head === 0) return;
    yield* t.store(list, 0);
    yield* this.#rcu.synchronize(t);
    while (head !== 0) {
      const next = yield* t.load(head);
      yield* this.#callbacks[yield* t.load(head + 4)]!(t, head);
      head = next;
    }
  }
}

function* nothing(): Operation<void> {
  // There is nothing to do.
}
