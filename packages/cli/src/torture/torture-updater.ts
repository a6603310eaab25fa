import { nanosleep, schedYield } from '@rseqlab/sim-machine';
import type { Operation, SeededDraw, Thread } from '@rseqlab/sim-machine';
import type { RcuFlavour } from '@rseqlab/urcu';
import type { DeferredTorture } from './deferred-torture.js';
import type { ProtectedPointer } from './protected-pointer.js';
import type { TortureTally, Way } from './torture-tally.js';

/** A flavour that has expedited grace periods. */
export interface Expedites {
  synchronizeExpedited(t: Thread): Operation<void>;
}

/** What an updater works with. */
export interface UpdaterParts {
  readonly rcu: RcuFlavour & Partial<Expedites>;
  readonly deferred:
    | Pick<DeferredTorture, 'calls' | 'polls' | 'rings' | 'withoutForks' | 'call' | 'defer'>
    | undefined;
  readonly tally: TortureTally;
  readonly draw: SeededDraw;
}

/**
 * Has grace periods pass in every way that an execution has, one of them drawn each time.
 *
 * @source linux, kernel/rcu/rcutorture.c (rcu_torture_writer)
 */
export class TortureUpdater {
  readonly #parts: UpdaterParts;
  /** Ways in which the calling thread waits itself. */
  readonly #waits: readonly Way[];
  readonly #ways: readonly Way[];

  constructor(parts: UpdaterParts) {
    this.#parts = parts;
    const { rcu, deferred } = parts;
    const waits: Way[] = ['synchronize'];
    if (rcu.synchronizeExpedited) waits.push('expedited');
    if (deferred?.polls) waits.push('polled');
    this.#waits = waits;
    this.#ways = [
      ...waits,
      ...(deferred?.calls ? (['call_rcu'] as const) : []),
      ...(deferred?.rings ? (['defer_rcu'] as const) : []),
    ];
  }

  /** Changes a pointer so many times, and has what it pointed to grow older. */
  *update(t: Thread, pointer: ProtectedPointer, updates: number): Operation<void> {
    const rings = this.#parts.deferred?.rings;
    if (rings) yield* rings.registerThread(t);
    for (let n = 0; n < updates; n++) {
      const old = yield* pointer.replace(t);
      const way = this.#one(this.#ways);
      if (way === 'call_rcu') yield* this.#parts.deferred!.call(t, old);
      else if (way === 'defer_rcu') yield* this.#parts.deferred!.defer(t, old);
      else {
        pointer.retire(old);
        yield* this.#wait(t, way);
        yield* pointer.growOlder(t);
      }
    }
    if (rings) yield* rings.unregisterThread(t);
  }

  /** Waits for grace periods and changes nothing. @source linux, kernel/rcu/rcutorture.c (rcu_torture_fakewriter) */
  *waitOften(t: Thread, times: number): Operation<void> {
    for (let n = 0; n < times; n++) yield* this.#wait(t, this.#one(this.#waits));
  }

  *#wait(t: Thread, way: Way): Operation<void> {
    const { rcu, tally } = this.#parts;
    tally.begun();
    if (way === 'expedited') yield* rcu.synchronizeExpedited!(t);
    else if (way === 'polled') yield* this.#poll(t);
    else yield* rcu.synchronize(t);
    tally.passed(way);
  }

  *#poll(t: Thread): Operation<void> {
    const deferred = this.#parts.deferred!;
    const cookie = yield* deferred.withoutForks(t, deferred.polls!.start(t));
    while (!(yield* deferred.polls!.poll(t, cookie)))
      yield* this.#parts.draw.below(2) === 0 ? nanosleep(t, 100) : schedYield(t);
  }

  #one<Value>(values: readonly Value[]): Value {
    return values[this.#parts.draw.below(values.length)]!;
  }
}
