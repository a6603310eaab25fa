import { endedOperation, futexWake } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Routine, Thread } from '@rseqlab/sim-machine';
import { initializeAreas } from '@rseqlab/rseq-runtime';
import type { ReadSideRoutines } from '../rcu-flavour.js';
import { ForkMask } from '../fork-handlers.js';
import type { ForkHandlers } from '../fork-handlers.js';
import { barrierPlanOf } from './barrier-plan.js';
import type { BarrierKind, BarrierPlan } from './barrier-plan.js';
import {
  BLOCK_SHIFT,
  CounterOffset,
  DomainOffset,
  PERIOD_SHIFT,
  blocksOf,
  domainBytes,
} from './domain-layout.js';
import { ATTEMPTS, EXPEDITED_ATTEMPTS, GracePeriod } from './grace-period.js';
import { OpenSections } from './open-sections.js';
import type { LeftBy } from './open-sections.js';
import { PerCpuFlavour } from './per-cpu-flavour.js';
import { cpuOf } from './rcu-token.js';
import type { RcuToken } from './rcu-token.js';
import { ReadSideEntry, readSideProgram } from './read-side-program.js';
import { SCAN_ENTRY, SCAN_PROGRAM } from './scan-program.js';
import { LocalUpdaters } from './updaters.js';

/** What a domain is made with. */
export interface RcuDomainOptions {
  /** Default `membarrier`. */
  readonly barriers?: BarrierKind;
  /**
   * Who may leave a section. Default `owner`: the thread that is in it; a token that is spent, or is another
   * thread's, is refused. `anybody` who has the token, without handing it over: then neither is told.
   */
  readonly leftBy?: LeftBy;
}

/** A read section that was left, with nobody to wake. */
const UNLOCKED: Operation<void> = endedOperation(undefined);

/**
 * A domain of userspace RCU on per-CPU counters, like SRCU: its readers delay its own grace periods only.
 *
 * A reader adds 1 to a counter of its CPU by a restartable sequence, without atomic and, with
 * membarrier, without fence; where the sequence is aborted, or the thread is not registered for rseq, by
 * an atomic on a word beside. A grace period ends once all locks that it has to wait for are balanced
 * by unlocks, summed over the CPUs.
 *
 * | call                     | from                                        | waits       |
 * |--------------------------|---------------------------------------------|-------------|
 * | `readLock`, `readUnlock` | any thread, also in signal handlers; nested | never       |
 * | `handOver`, `takeOver`   | the thread that is in the section; any      | never       |
 * | `synchronize`            | any thread outside of its own read sections | for readers |
 *
 * Which thread is in which section is known at no cost to the simulated program, so that a token that is
 * spent, or another's, is refused.
 *
 * @example
 * ```ts
 * const domain = RcuDomain.create(machine, process);
 * process.spawn(function* reader(t) {
 *   const token = yield* domain.readLock(t);
 *   const value = yield* t.load(yield* rcuDereference(t, token, pointer));
 *   yield* domain.readUnlock(t, token);
 * });
 * process.spawn(function* updater(t) {
 *   const old = yield* rcuXchgPointer(t, pointer, fresh);
 *   yield* domain.synchronize(t);
 *   // no reader has old any more
 * });
 * ```
 * @source Desnoyers, "Restartable sequences system call", 2016 to 2018; linux, kernel/rcu/srcutree.c
 */
export class RcuDomain extends PerCpuFlavour implements ForkHandlers {
  readonly name = 'per-CPU';
  /** See {@link RcuFlavour.readSide}. */
  readonly readSide: ReadSideRoutines;
  /** Address in the process it was made for. */
  readonly address: number;
  readonly #process: Process;
  readonly #blocks: number;
  readonly #lock: Routine;
  readonly #unlock: Routine;
  readonly #gracePeriod: GracePeriod;
  readonly #forkMask: ForkMask;
  /** By token: a read section that was entered. */
  readonly #entered: Operation<RcuToken>[] = [];

  /** Made by {@link create}; variants of the algorithm by tests. @internal */
  constructor(
    machine: Machine,
    process: Process,
    address: number,
    barriers: BarrierPlan,
    leftBy?: LeftBy,
  ) {
    super(new OpenSections(process, blocksOf(machine), machine.threads.capacity, leftBy));
    initializeAreas(process);
    this.address = address;
    this.#process = process;
    this.#forkMask = new ForkMask(process);
    this.#blocks = blocksOf(machine);
    const readSide = machine.install(readSideProgram(barriers));
    this.#lock = readSide.routine(ReadSideEntry.lock);
    this.#unlock = readSide.routine(ReadSideEntry.unlock);
    this.readSide = {
      lock: this.#lock,
      unlock: this.#unlock,
      domain: address,
      anchor: 0,
      locked: (t) => this.#enteredNow(t),
      entered: (t, token) => {
        this.sections.enter(t, token);
      },
      unlocked: (t) => this.#afterUnlock(t),
    };
    this.#gracePeriod = new GracePeriod({
      address,
      counters: address + DomainOffset.firstBlock,
      blocks: this.#blocks,
      barriers,
      sum: machine.install(SCAN_PROGRAM).routine(SCAN_ENTRY),
      updaters: new LocalUpdaters(address),
    });
  }

  /**
   * Makes a domain for the threads of one process; before they start.
   *
   * @throws UrcuError `ERR_BARRIERS` for barriers that there are not
   */
  static create(machine: Machine, process: Process, options: RcuDomainOptions = {}): RcuDomain {
    const barriers = barrierPlanOf(options.barriers ?? 'membarrier');
    const address = process.allocate(this.sizeBytes(machine));
    return new RcuDomain(machine, process, address, barriers, options.leftBy);
  }

  /** Bytes of a domain on this machine. @internal */
  static sizeBytes(machine: Machine): number {
    return domainBytes(blocksOf(machine));
  }

  /** Enters a read section; what the thread dereferences until the unlock is not freed. Nests. */
  readLock(t: Thread): Operation<RcuToken> {
    if (!t.exec(this.#lock, this.address)) return this.#locked(t);
    const token = this.#enteredNow(t);
    return (this.#entered[token] ??= endedOperation(token));
  }

  /**
   * Leaves the read section of a token, from any CPU.
   *
   * @throws UrcuError `ERR_TOKEN` when the thread is in no section with that token: it is spent, or is
   *   another thread's or domain's
   */
  readUnlock(t: Thread, token: RcuToken): Operation<void> {
    this.sections.leave(t, token);
    if (!t.exec(this.#unlock, this.address, token)) return this.#unlocked(t);
    return this.#afterUnlock(t);
  }

  *#locked(t: Thread): Operation<RcuToken> {
    yield;
    return this.#enteredNow(t);
  }

  #enteredNow(t: Thread): RcuToken {
    const token = t.result as RcuToken;
    this.sections.enter(t, token);
    return token;
  }

  *#unlocked(t: Thread): Operation<void> {
    yield;
    yield* this.#afterUnlock(t);
  }

  #afterUnlock(t: Thread): Operation<void> {
    return t.result === 0 ? UNLOCKED : this.#wakeGracePeriod(t);
  }

  /**
   * Waits for a grace period: until every read section that began before has ended.
   *
   * Orders memory as a full fence before and behind, and: what a reader did in a section that was
   * waited for happens before the return; a section that was not waited for sees all that came before
   * the call.
   *
   * @throws UrcuError `ERR_MEMBARRIER` where the domain's barriers need a membarrier that is not there
   */
  *synchronize(t: Thread): Operation<void> {
    yield* this.#gracePeriod.wait(t, { attempts: ATTEMPTS });
  }

  /** As {@link synchronize}, but scans many times before it sleeps: sooner, for more CPU time. */
  *synchronizeExpedited(t: Thread): Operation<void> {
    yield* this.#gracePeriod.wait(t, { attempts: EXPEDITED_ATTEMPTS });
  }

  /** See {@link ForkHandlers.beforeFork}; the child finds the sections in the memory it is given. */
  beforeFork(t: Thread, _sections: readonly RcuToken[] = []): Operation<void> {
    return this.#forkMask.block(t);
  }

  /** See {@link ForkHandlers.afterForkParent}. */
  afterForkParent(t: Thread, _child: number): Operation<void> {
    return this.#forkMask.restore(t);
  }

  /**
   * See {@link ForkHandlers.afterForkChild}: the child has one thread, and so the sections of no other.
   *
   * Another thread of the parent may have been anywhere in a grace period: of it only the period is
   * left, and either is as good.
   */
  *afterForkChild(t: Thread, sections: readonly RcuToken[] = []): Operation<void> {
    this.sections.inherit(t, sections);
    const words = this.#blocks << (BLOCK_SHIFT - 2);
    for (let n = 0; n < words; n++)
      yield* t.store(this.address + DomainOffset.firstBlock + 4 * n, 0);
    for (const token of sections)
      yield* t.fetchAdd(this.#countersOf(cpuOf(token), token & 1) + CounterOffset.lock, 1);
    yield* t.store(this.address + DomainOffset.futex, 0);
    yield* t.store(this.address + DomainOffset.lock, 0);
    yield* this.#forkMask.restore(t);
  }

  /** Readers inside, by period; exact only while no thread enters or leaves. */
  activeReaders(): readonly [number, number] {
    const readers = [0, 1].map((period) => {
      let count = 0;
      for (let block = 0; block < this.#blocks; block++) count += this.#readersOf(block, period);
      return count | 0;
    });
    return [readers[0]!, readers[1]!];
  }

  #readersOf(block: number, period: number): number {
    const at = this.#countersOf(block, period);
    const [lock, rseqLock, unlock, rseqUnlock] = [0, 4, 8, 12].map((offset) =>
      this.#process.read32(at + offset),
    ) as [number, number, number, number];
    return lock + rseqLock - unlock - rseqUnlock;
  }

  #countersOf(block: number, period: number): number {
    const blockAt = this.address + DomainOffset.firstBlock + (block << BLOCK_SHIFT);
    return blockAt + (period << PERIOD_SHIFT);
  }

  *#wakeGracePeriod(t: Thread): Operation<void> {
    const futex = this.address + DomainOffset.futex;
    yield* t.store(futex, 0);
    yield* futexWake(t, futex, 1);
  }
}
