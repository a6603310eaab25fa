import { Mutex, futexWait } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Routine, Thread } from '@rseqlab/sim-machine';
import type { BarrierPlan } from '../../src/domain/barrier-plan.js';
import { CounterOffset, DomainOffset, GRACE_PERIOD_WAITS } from '../../src/domain/domain-layout.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import { SCAN_ENTRY, SCAN_PROGRAM, SECOND_SUM } from '../../src/domain/scan-program.js';
import { updaterBarrier } from '../../src/domain/updater-barriers.js';

/** What grace periods by flips alone are made of. */
interface FlippingPlan {
  readonly barriers: BarrierPlan;
  /** Flips of a grace period: 2 are right. */
  readonly flips: 1 | 2;
  /** Bits of the counters; default 32. */
  readonly counterBits?: number;
}

/**
 * The older form of grace periods, which several of the known bugs are about: the period is flipped
 * twice, and the readers of the one before are waited for each time, whether there are any or not.
 *
 * The read side is that of {@link RcuDomain}.
 */
export class FlippingDomain extends RcuDomain {
  readonly #plan: FlippingPlan;
  readonly #scanned: number;
  readonly #sum: Routine;
  readonly #mutex: Mutex;

  constructor(machine: Machine, process: Process, plan: FlippingPlan) {
    super(machine, process, process.allocate(RcuDomain.sizeBytes(machine)), plan.barriers);
    this.#plan = plan;
    this.#scanned = machine.cpus.possible.at(-1)! + 1;
    this.#sum = machine.install(SCAN_PROGRAM).routine(SCAN_ENTRY);
    this.#mutex = Mutex.create(process);
  }

  override *synchronize(t: Thread): Operation<void> {
    const { barriers, flips } = this.#plan;
    yield* this.#mutex.lock(t);
    yield* updaterBarrier(t, barriers.begin);
    for (let flip = 0; flip < flips; flip++) yield* this.#flip(t);
    yield* updaterBarrier(t, barriers.end);
    yield* this.#mutex.unlock(t);
  }

  *#flip(t: Thread): Operation<void> {
    const { barriers } = this.#plan;
    const period = yield* t.load(this.address + DomainOffset.period);
    yield* updaterBarrier(t, barriers.E);
    yield* t.store(this.address + DomainOffset.period, period ^ 1);
    yield* updaterBarrier(t, barriers.D);
    const futex = this.address + DomainOffset.futex;
    while (yield* this.#hasReaders(t, period)) {
      yield* t.store(futex, GRACE_PERIOD_WAITS);
      yield* updaterBarrier(t, barriers.wait);
      if (yield* this.#hasReaders(t, period))
        while ((yield* t.load(futex)) === GRACE_PERIOD_WAITS)
          yield* futexWait(t, futex, GRACE_PERIOD_WAITS);
      else yield* t.store(futex, 0);
    }
  }

  *#hasReaders(t: Thread, period: number): Operation<boolean> {
    const { barriers, counterBits = 32 } = this.#plan;
    const unlocks = yield* this.#count(t, CounterOffset.unlock, period);
    yield* updaterBarrier(t, barriers.A);
    const locks = yield* this.#count(t, CounterOffset.lock, period);
    return (locks - unlocks) << (32 - counterBits) !== 0;
  }

  *#count(t: Thread, counter: number, period: number): Operation<number> {
    const first = this.address + DomainOffset.firstBlock + counter;
    if (!t.exec(this.#sum, first, this.#scanned)) yield;
    return period === 0 ? t.result : t.register(SECOND_SUM);
  }
}
