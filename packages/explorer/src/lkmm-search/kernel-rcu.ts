import type { Operation, Thread } from '@rseqlab/sim-machine';
import { ReaderDomain } from './reader-domain.js';
import type { RcuEnvironment, RcuFactory, RcuPort } from './rcu-port.js';

/**
 * A simple RCU, as a kernel could have it: readers make one plain store at each end of a section, grace
 * periods have every CPU pass through a fence and wait for the sections that they found.
 */
export class KernelRcu implements RcuPort {
  readonly readersAreApart: boolean = true;
  readonly #environment: RcuEnvironment;
  /** The readers of RCU itself. */
  protected readonly rcu: ReaderDomain;
  readonly #srcu = new Map<number, ReaderDomain>();
  /** By thread: how deep it is in RCU sections; only the outermost one shows in memory. */
  readonly #depth: Int32Array;

  constructor(environment: RcuEnvironment) {
    this.#environment = environment;
    this.#depth = new Int32Array(environment.threads);
    this.rcu = new ReaderDomain(environment, 2);
    for (const domain of environment.domains)
      this.#srcu.set(domain, new ReaderDomain(environment, 4, domain));
  }

  *readLock(t: Thread): Operation<void> {
    if (this.#depth[t.id]!++ === 0) yield* this.rcu.enter(t);
  }

  *readUnlock(t: Thread): Operation<void> {
    const depth = this.#depth[t.id]!;
    if (depth === 0) this.#environment.misuse(t, 'unmatched-rcu-unlock');
    else if ((this.#depth[t.id] = depth - 1) === 0) yield* this.rcu.leave(t, 0);
  }

  synchronize(t: Thread): Operation<void> {
    return this.rcu.synchronize(t);
  }

  synchronizeExpedited(t: Thread): Operation<void> {
    return this.rcu.synchronize(t);
  }

  *srcuReadLock(t: Thread, domain: number): Operation<number> {
    const index = yield* this.#domain(domain).enter(t);
    if (index === -1) this.#environment.misuse(t, 'unmatched-srcu-lock');
    return index;
  }

  *srcuReadUnlock(t: Thread, domain: number, index: number): Operation<void> {
    if (!(yield* this.#domain(domain).leave(t, index)))
      this.#environment.misuse(t, 'srcu-bad-nesting');
  }

  *srcuDownRead(t: Thread, domain: number): Operation<number> {
    const index = yield* this.#domain(domain).enterForAnyone(t);
    if (index === -1) this.#environment.misuse(t, 'unmatched-srcu-lock');
    return index;
  }

  *srcuUpRead(t: Thread, domain: number, index: number): Operation<void> {
    if (!(yield* this.#domain(domain).leaveForAnyone(t, index)))
      this.#environment.misuse(t, 'srcu-bad-nesting');
  }

  *synchronizeSrcu(t: Thread, domain: number): Operation<void> {
    if (this.#depth[t.id]! > 0) this.#environment.misuse(t, 'invalid-sleep');
    yield* this.#domain(domain).synchronize(t);
  }

  synchronizeSrcuExpedited(t: Thread, domain: number): Operation<void> {
    return this.synchronizeSrcu(t, domain);
  }

  ended(t: Thread): void {
    if (this.#depth[t.id]! > 0) this.#environment.misuse(t, 'unmatched-rcu-lock');
    for (const domain of this.#srcu.values())
      if (domain.isInside(t.id)) this.#environment.misuse(t, 'unmatched-srcu-lock');
  }

  #domain(address: number): ReaderDomain {
    return this.#srcu.get(address)!;
  }
}

/** The RCU that tests run on where no other one is given. */
export const createKernelRcu: RcuFactory = (environment) => new KernelRcu(environment);
