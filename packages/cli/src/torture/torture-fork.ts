import { fork, pthreadCreate, pthreadJoin, waitpid } from '@rseqlab/sim-machine';
import type { Operation, SeededDraw, Thread } from '@rseqlab/sim-machine';
import type { DeferredTorture } from './deferred-torture.js';
import { ProtectedPointer } from './protected-pointer.js';
import type { TorturedRcu } from './torture-flavours.js';
import { TortureReader } from './torture-reader.js';
import type { TortureTally } from './torture-tally.js';
import { TortureUpdater } from './torture-updater.js';

/** What a child does. */
const CHILD_SECTIONS = 3;

/** Elements that a child uses. */
export const CHILD_UPDATES = 3;

/** What a thread that forks works with. */
export interface ForkParts {
  readonly rcu: TorturedRcu;
  readonly pointer: ProtectedPointer;
  readonly deferred: DeferredTorture;
  /** See {@link ReaderParts.fuses}. */
  readonly fuses: boolean;
  /** See {@link ReaderParts.registersItself}. */
  readonly registersItself: boolean;
  /** Elements for the child, in memory that it has a copy of. */
  readonly elements: readonly number[];
  readonly tally: TortureTally;
  readonly draw: SeededDraw;
  registered(t: Thread, isRegistered: boolean): void;
}

/** A thread that forks, in a section or outside; the child goes on to read and to update. */
export class TortureFork {
  readonly #parts: ForkParts;

  constructor(parts: ForkParts) {
    this.#parts = parts;
  }

  /** Forks once, after some sections, and waits for the child. */
  *run(t: Thread): Operation<void> {
    const { rcu, pointer, deferred, draw, tally } = this.#parts;
    yield* rcu.registerThread(t);
    for (let n = draw.below(4); n > 0; n--) {
      yield* rcu.readUnlock(t, yield* rcu.readLock(t));
      yield* rcu.quiescentState(t);
    }
    // Workers that are to rest may be in a grace period, which waits for sections.
    const isInside = deferred.calls === undefined && draw.below(2) === 0;
    const sections = isInside ? [yield* rcu.readLock(t)] : [];
    const element = yield* pointer.dereference(t);
    if (!isInside) yield* rcu.threadOffline(t);
    yield* deferred.beforeFork(t);
    yield* rcu.beforeFork(t, sections);
    const pid = yield* fork(t, (child) => this.#child(child, sections, element));
    yield* rcu.afterForkParent(t, pid);
    yield* deferred.afterForkParent(t);
    if (!isInside) yield* rcu.threadOnline(t);
    for (const section of sections) yield* rcu.readUnlock(t, section);
    yield* rcu.threadOffline(t);
    yield* waitpid(t, pid);
    yield* rcu.unregisterThread(t);
    tally.deeds.forks += 1;
  }

  *#child(
    t: Thread,
    sections: readonly Parameters<TorturedRcu['readUnlock']>[1][],
    element: number,
  ): Operation<void> {
    const { rcu, pointer, deferred, elements, tally, draw } = this.#parts;
    yield* rcu.afterForkChild(t, sections);
    yield* deferred.afterForkChild(t);
    const own = new ProtectedPointer(pointer.address, elements);
    const domain = { rcu, pointer: own };
    const { registered } = this.#parts;
    const reader = new TortureReader({
      domains: [domain],
      polls: undefined,
      fuses: this.#parts.fuses,
      registersItself: this.#parts.registersItself,
      tally,
      draw,
      registered,
    });
    const reading = yield* pthreadCreate(t, function* childReader(r) {
      yield* reader.read(r, CHILD_SECTIONS);
      return 0;
    });
    if (sections.length > 0) {
      const entered = tally.entered();
      const age = yield* own.ageOf(t, element);
      for (const section of sections) yield* rcu.readUnlock(t, section);
      tally.left(entered, age);
    } else yield* rcu.threadOnline(t);
    yield* rcu.threadOffline(t);
    yield* new TortureUpdater({ rcu, deferred, tally, draw }).update(t, own, CHILD_UPDATES);
    if (typeof reading !== 'number') yield* pthreadJoin(t, reading);
    yield* deferred.end(t);
    yield* rcu.unregisterThread(t);
  }
}
