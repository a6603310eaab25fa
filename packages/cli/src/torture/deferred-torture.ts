import { Mutex } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { CallRcu, DeferRcu, GracePeriodPoll, RCU_HEAD_BYTES } from '@rseqlab/urcu';
import type { CallbackId, DeferRcuOptions, RcuFlavour, WorkerId } from '@rseqlab/urcu';
import { ProtectedPointer } from './protected-pointer.js';
import type { TortureShape } from './torture-shape.js';
import type { TortureTally } from './torture-tally.js';

/** An element that ages by `call_rcu` is deferred again until it is so old. */
const OLDEST_DEFERRED = 3;

/** Callbacks between two barriers. */
const CALLBACKS = 3;

/** What makes deferred work; tests break it. */
export interface DeferredParts {
  callRcu(machine: Machine, process: Process, rcu: RcuFlavour, plan: 'one' | 'per CPU'): CallRcu;
  poll(process: Process, deferred: CallRcu): GracePeriodPoll;
  rings(process: Process, rcu: RcuFlavour, options: DeferRcuOptions): DeferRcu;
}

/** As the library has it. */
export const DEFERRED: DeferredParts = {
  callRcu: (machine, process, rcu, plan) => CallRcu.create(machine, process, rcu, plan),
  poll: (process, deferred) => GracePeriodPoll.create(process, deferred),
  rings: (process, rcu, options) => DeferRcu.create(process, rcu, options),
};

/** `call_rcu`, `rcu_barrier`, polled grace periods and `defer_rcu`, as far as an execution has them. */
export class DeferredTorture {
  /** Undefined where the execution has none. */
  readonly calls: CallRcu | undefined;
  readonly polls: GracePeriodPoll | undefined;
  readonly rings: DeferRcu | undefined;
  readonly #tally: TortureTally;
  readonly #pointer: ProtectedPointer;
  readonly #ages: CallbackId | undefined;
  readonly #agesOnce: CallbackId | undefined;
  readonly #counts: CallbackId | undefined;
  readonly #worker: WorkerId | undefined;
  readonly #count: number;
  readonly #heads: readonly number[];
  /** Held by whoever defers, and by whoever forks; undefined where nobody does. */
  readonly #forkLock: Mutex | undefined;

  constructor(
    machine: Machine,
    process: Process,
    rcu: RcuFlavour,
    pointer: ProtectedPointer,
    shape: TortureShape,
    tally: TortureTally,
    parts: DeferredParts,
  ) {
    this.#tally = tally;
    this.#pointer = pointer;
    if (shape.forks && shape.defers) this.#forkLock = Mutex.create(process);
    this.#count = process.allocate(4);
    this.#heads = Array.from({ length: CALLBACKS }, () => process.allocate(RCU_HEAD_BYTES));
    if (shape.defers) {
      this.calls = parts.callRcu(machine, process, rcu, shape.plan);
      this.#ages = this.calls.define((t, head) => this.#age(t, head));
      this.#counts = this.calls.define((t) => this.#countOne(t));
      this.#worker = this.calls.defineWorker();
      this.polls = parts.poll(process, this.calls);
      this.calls.spawnWorkers();
    }
    if (shape.hasRings) {
      this.rings = parts.rings(process, rcu, { threads: 2, capacity: 4 });
      this.#agesOnce = this.rings.define((t, element) => this.#ageOnce(t, element));
      this.rings.spawnReclaimer();
    }
  }

  /** Has an element age by callbacks, which defer themselves. */
  *call(t: Thread, element: number): Operation<void> {
    this.#tally.begun();
    yield* this.withoutForks(t, this.calls!.call(t, ProtectedPointer.headOf(element), this.#ages!));
  }

  /** Has an element age once, by `defer_rcu`. */
  *defer(t: Thread, element: number): Operation<void> {
    this.#tally.begun();
    yield* this.rings!.defer(t, this.#agesOnce!, element);
  }

  /** Has callbacks made by the plan's workers and by one of its own, and waits until each was called. */
  *barrier(t: Thread, round: number): Operation<void> {
    const calls = this.calls!;
    const hasWorker = round % 2 === 1;
    if (hasWorker) {
      const error = yield* this.withoutForks(t, calls.startWorker(t, this.#worker!));
      if (error < 0) this.#tally.complain(`expected room for a worker, got ${error}`);
      yield* calls.useWorker(t, this.#worker);
    }
    const before = yield* t.load(this.#count);
    for (const head of this.#heads) yield* this.withoutForks(t, calls.call(t, head, this.#counts!));
    if (hasWorker) {
      yield* calls.useWorker(t, undefined);
      yield* this.withoutForks(t, calls.freeWorker(t, this.#worker!));
    }
    yield* this.withoutForks(t, calls.barrier(t));
    const called = (yield* t.load(this.#count)) - before;
    this.#tally.deeds.barriers += 1;
    if (called !== CALLBACKS)
      this.#tally.complain(
        `expected ${CALLBACKS} callbacks to be called before a barrier ends, got ${called}`,
      );
  }

  /** Waits until nothing is deferred any more, and lets all workers end. */
  *end(t: Thread): Operation<void> {
    for (let age = 0; age <= OLDEST_DEFERRED && this.calls; age++) yield* this.calls.barrier(t);
    if (this.calls) yield* this.calls.stop(t);
    if (this.rings) yield* this.rings.stop(t);
  }

  /** Does what no thread may be in the middle of when another forks. */
  *withoutForks<Result>(t: Thread, body: Operation<Result>): Operation<Result> {
    if (this.#forkLock === undefined) return yield* body;
    yield* this.#forkLock.lock(t);
    const result = yield* body;
    yield* this.#forkLock.unlock(t);
    return result;
  }

  /** Before fork; outside of sections. */
  *beforeFork(t: Thread): Operation<void> {
    if (this.#forkLock) yield* this.#forkLock.lock(t);
    if (this.calls) yield* this.calls.beforeFork(t);
  }

  /** Behind fork, in the parent. */
  *afterForkParent(t: Thread): Operation<void> {
    if (this.calls) yield* this.calls.afterForkParent(t);
    if (this.#forkLock) yield* this.#forkLock.unlock(t);
  }

  /** Behind fork, in the child, which has the lock as well. */
  *afterForkChild(t: Thread): Operation<void> {
    if (this.calls && (yield* this.calls.afterForkChild(t)) < 0)
      this.#tally.complain('expected room for the workers of a child, got none');
    if (this.#forkLock) yield* this.#forkLock.unlock(t);
  }

  *#age(t: Thread, head: number): Operation<void> {
    this.#tally.passed('call_rcu');
    if ((yield* this.#pointer.age(t, ProtectedPointer.elementOf(head))) >= OLDEST_DEFERRED) return;
    this.#tally.begun();
    yield* this.calls!.call(t, head, this.#ages!);
  }

  *#ageOnce(t: Thread, element: number): Operation<void> {
    this.#tally.passed('defer_rcu');
    yield* this.#pointer.age(t, element);
  }

  *#countOne(t: Thread): Operation<void> {
    yield* t.fetchAdd(this.#count, 1);
  }
}
