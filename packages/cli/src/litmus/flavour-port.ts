import type { RcuEnvironment, RcuPort } from '@rseqlab/explorer';
import { MembarrierCommand, membarrier } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RcuDomain } from '@rseqlab/urcu';
import type { BarrierKind, RcuFlavour, RcuToken } from '@rseqlab/urcu';
import { SrcuDomain } from './srcu-domain.js';

/**
 * A flavour of the library behind the RCU of a C test, and a domain of the library behind each of its
 * SRCU domains.
 *
 * Readers are registered before the test begins, but for bp, whose readers register by themselves. With
 * qsbr a reader is online within its outermost section. Expedited grace periods are the others: they
 * would only look more often before they sleep.
 */
export class FlavourPort implements RcuPort {
  readonly #environment: RcuEnvironment;
  readonly #flavour: RcuFlavour;
  readonly #srcu = new Map<number, SrcuDomain>();
  /** By thread: its sections, which nest. */
  readonly #sections: RcuToken[][];
  /** A word that never changes, for who waits for itself. */
  readonly #never: number;

  constructor(environment: RcuEnvironment, flavour: RcuFlavour, barriers: BarrierKind) {
    const { machine, process, threads, domains } = environment;
    this.#environment = environment;
    this.#flavour = flavour;
    this.#sections = Array.from({ length: threads }, () => []);
    for (const domain of domains)
      this.#srcu.set(
        domain,
        new SrcuDomain(
          environment,
          // It tells misuse itself, as the kernel does.
          RcuDomain.create(machine, process, { barriers, leftBy: 'anybody' }),
        ),
      );
    this.#never = environment.allocate(4);
  }

  *begin(t: Thread): Operation<void> {
    yield* membarrier(t, MembarrierCommand.RegisterPrivateExpedited);
    const { name } = this.#flavour;
    if (name !== 'bp' && this.#environment.reads(t.id)) {
      yield* this.#flavour.registerThread(t);
      yield* this.#flavour.threadOffline(t);
    }
    yield* t.fence();
  }

  *readLock(t: Thread): Operation<void> {
    const sections = this.#sections[t.id]!;
    if (sections.length === 0) yield* this.#flavour.threadOnline(t);
    sections.push(yield* this.#flavour.readLock(t));
  }

  *readUnlock(t: Thread): Operation<void> {
    const sections = this.#sections[t.id]!;
    const token = sections.pop();
    if (token === undefined) {
      this.#environment.misuse(t, 'unmatched-rcu-unlock');
      return;
    }
    yield* this.#flavour.readUnlock(t, token);
    if (sections.length === 0) yield* this.#flavour.threadOffline(t);
  }

  *synchronize(t: Thread): Operation<void> {
    const environment = this.#environment;
    environment.waits(t, () => this.#insiders());
    // The classic flavours refuse what the kernel's RCU does: to wait for oneself, for ever.
    if (this.#sections[t.id]!.length > 0) yield* t.waitUntilEqual(this.#never, 1);
    yield* this.#flavour.synchronize(t);
    environment.goesOn(t);
  }

  synchronizeExpedited(t: Thread): Operation<void> {
    return this.synchronize(t);
  }

  srcuReadLock(t: Thread, domain: number): Operation<number> {
    return this.#srcu.get(domain)!.readLock(t);
  }

  srcuReadUnlock(t: Thread, domain: number, index: number): Operation<void> {
    return this.#srcu.get(domain)!.readUnlock(t, index);
  }

  srcuDownRead(t: Thread, domain: number): Operation<number> {
    return this.#srcu.get(domain)!.downRead(t);
  }

  srcuUpRead(t: Thread, domain: number, index: number): Operation<void> {
    return this.#srcu.get(domain)!.upRead(t, index);
  }

  *synchronizeSrcu(t: Thread, domain: number): Operation<void> {
    if (this.#sections[t.id]!.length > 0) this.#environment.misuse(t, 'invalid-sleep');
    yield* this.#srcu.get(domain)!.synchronize(t);
  }

  synchronizeSrcuExpedited(t: Thread, domain: number): Operation<void> {
    return this.synchronizeSrcu(t, domain);
  }

  ended(t: Thread): void {
    if (this.#sections[t.id]!.length > 0) this.#environment.misuse(t, 'unmatched-rcu-lock');
    for (const domain of this.#srcu.values())
      if (domain.isInside(t.id)) this.#environment.misuse(t, 'unmatched-srcu-lock');
  }

  #insiders(): readonly number[] {
    return [...this.#sections.keys()].filter((thread) => this.#sections[thread]!.length > 0);
  }
}
