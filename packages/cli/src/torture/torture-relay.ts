import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuDomain } from '@rseqlab/urcu';
import type { ProtectedPointer } from './protected-pointer.js';
import type { TortureTally } from './torture-tally.js';

/** Sections that one thread enters and another leaves. @source linux, kernel/rcu/rcutorture.c (rcutorture_updown) */
export class TortureRelay {
  readonly #rcu: RcuDomain;
  readonly #pointer: ProtectedPointer;
  readonly #tally: TortureTally;
  readonly #sections: number;
  readonly #token: number;
  readonly #element: number;
  #entered = 0;

  constructor(
    process: Process,
    rcu: RcuDomain,
    pointer: ProtectedPointer,
    tally: TortureTally,
    sections: number,
  ) {
    this.#rcu = rcu;
    this.#pointer = pointer;
    this.#tally = tally;
    this.#sections = sections;
    this.#token = process.allocate(4);
    this.#element = process.allocate(4);
  }

  /** Enters sections, and hands each over. */
  *give(t: Thread): Operation<void> {
    for (let n = 0; n < this.#sections; n++) {
      yield* t.waitUntilEqual(this.#element, 0);
      this.#entered = this.#tally.entered();
      const token = yield* this.#rcu.readLock(t);
      yield* t.store(this.#element, yield* this.#pointer.dereference(t));
      yield* this.#rcu.handOver(t, token, this.#token);
    }
  }

  /** Takes sections over, and leaves them. */
  *take(t: Thread): Operation<void> {
    for (let n = 0; n < this.#sections; n++) {
      yield* t.waitUntilNotEqual(this.#token, 0);
      const token = yield* this.#rcu.takeOver(t, this.#token);
      const age = yield* this.#pointer.ageOf(t, yield* t.load(this.#element));
      const entered = this.#entered;
      yield* t.store(this.#element, 0);
      yield* this.#rcu.readUnlock(t, token);
      this.#tally.left(entered, age);
      this.#tally.deeds['handed over'] += 1;
    }
  }
}
