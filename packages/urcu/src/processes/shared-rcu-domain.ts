import { FutexScope, futexWake } from '@rseqlab/sim-machine';
import type {
  Machine,
  Operation,
  Process,
  Routine,
  SharedMemory,
  Thread,
} from '@rseqlab/sim-machine';
import { initializeAreas } from '@rseqlab/rseq-runtime';
import { barrierPlanOf } from '../domain/barrier-plan.js';
import type { BarrierKind, BarrierPlan } from '../domain/barrier-plan.js';
import { blocksOf } from '../domain/domain-layout.js';
import { ATTEMPTS, EXPEDITED_ATTEMPTS, GracePeriod } from '../domain/grace-period.js';
import { OpenSections } from '../domain/open-sections.js';
import type { LeftBy } from '../domain/open-sections.js';
import { PerCpuFlavour } from '../domain/per-cpu-flavour.js';
import type { RcuToken } from '../domain/rcu-token.js';
import { NO_COUNTERS, ReadSideEntry, readSideProgram } from '../domain/read-side-program.js';
import { SCAN_ENTRY, SCAN_PROGRAM } from '../domain/scan-program.js';
import type { ForkHandlers } from '../fork-handlers.js';
import { UrcuError } from '../urcu-error.js';
import { DomainReport } from './domain-report.js';
import { OwnedLock } from './owned-lock.js';
import { ProcessAnchor } from './process-anchor.js';
import { ProcessMembership, notJoined } from './process-membership.js';
import { ProcessSlots } from './process-slots.js';
import { checkHeader } from './region-header.js';
import type { RegionTerms } from './region-header.js';
import { RegionOffset, countersOffset, regionBytes } from './region-layout.js';
import { SharedUpdaters } from './shared-updaters.js';
import type { SharedUpdatersParts } from './shared-updaters.js';

/** What a process attaches with; all processes of a region need the same `barriers` and `processes`. */
export interface SharedRcuDomainOptions {
  /** Default `fence`; `global membarrier` spares readers their fences. */
  readonly barriers?: BarrierKind;
  /** Processes that can have joined at once, 1 to 1024; default 8. */
  readonly processes?: number;
  /** How long an updater sleeps before it looks for dead processes, in ns; default 10 ms, Infinity: never. */
  readonly checkNs?: number;
}

const DEFAULT_PROCESSES = 8;
const MAX_PROCESSES = 1024;
const DEFAULT_CHECK_NS = 10_000_000;
const MOST_CHECKS = 0x7fffffff;

/** What of the algorithm tests replace. @internal */
export interface SharedVariant {
  readonly slots?: (region: number) => ProcessSlots;
  readonly lock?: (word: number) => OwnedLock;
  readonly plan?: BarrierPlan;
  readonly leftBy?: LeftBy;
  readonly mostChecks?: number;
  readonly anchor?: ProcessAnchor;
  readonly updaters?: (parts: SharedUpdatersParts) => SharedUpdaters;
}

/**
 * A domain of userspace RCU in shared memory: readers and updaters of any number of processes, of which
 * each may come late, go early, or be killed at any step.
 *
 * Counters are as those of `RcuDomain`, but each process has its own, in a slot of the region. A grace
 * period sums up all of them. A process that dies leaves its counts in its slot, where survivors find
 * whose they are, and take them back; see `ProcessSlots`. The lock that updaters take names its
 * holder, and is taken over from a dead one; see `OwnedLock`.
 *
 * | call                       | from                                              | waits                |
 * |----------------------------|---------------------------------------------------|----------------------|
 * | `join`                     | the first thread of a process that needs it       | no longer than a fold |
 * | `readLock`, `readUnlock`   | any thread of a process that has joined; nested   | never                |
 * | `synchronize`              | the same, outside of its own read sections        | for readers          |
 * | `leave`                    | the last thread, when no section is open          | never                |
 *
 * A token is good in the process that locked, and in a child it forked inside of the section; threads of one
 * process hand it over. To hand a section to another process: that one locks, then this one unlocks.
 *
 * A process that calls exec leaves before: its pid lives on, and so would its counts.
 *
 * @example
 * ```ts
 * const domain = SharedRcuDomain.attach(machine, process, memory);
 * process.spawn(function* reader(t) {
 *   yield* domain.join(t);
 *   const token = yield* domain.readLock(t);
 *   // ...
 *   yield* domain.readUnlock(t, token);
 *   yield* domain.leave(t);
 * });
 * ```
 */
export class SharedRcuDomain extends PerCpuFlavour implements ForkHandlers {
  readonly name = 'per-CPU, of several processes';
  /** Address of the region in the process that attached it, and in children that it forks. */
  readonly address: number;
  readonly #process: Process;
  readonly #terms: RegionTerms;
  readonly #lock: Routine;
  readonly #unlock: Routine;
  readonly #anchor: ProcessAnchor;
  readonly #membership: ProcessMembership;
  readonly #gracePeriod: GracePeriod;

  /** Made by {@link attach}; variants of the algorithm by tests. @internal */
  constructor(
    machine: Machine,
    process: Process,
    address: number,
    terms: RegionTerms,
    checkNs: number = DEFAULT_CHECK_NS,
    variant: SharedVariant = {},
  ) {
    super(new OpenSections(process, terms.cpus, machine.threads.capacity, variant.leftBy));
    initializeAreas(process);
    this.address = address;
    this.#process = process;
    this.#terms = terms;
    const barriers = variant.plan ?? barrierPlanOf(terms.barriers);
    const readSide = machine.install(readSideProgram(barriers, 'anchor'));
    this.#lock = readSide.routine(ReadSideEntry.lock);
    this.#unlock = readSide.routine(ReadSideEntry.unlock);
    this.#anchor = variant.anchor ?? new ProcessAnchor(process);
    const anchor = this.#anchor;
    const slots = variant.slots?.(address) ?? new ProcessSlots(address, terms);
    const word = address + RegionOffset.lock;
    const updaterParts = {
      region: address,
      anchor,
      slots,
      lock: variant.lock?.(word) ?? new OwnedLock(word, checkNs),
      checkNs,
      mostChecks: variant.mostChecks ?? MOST_CHECKS,
    };
    const updaters = variant.updaters?.(updaterParts) ?? new SharedUpdaters(updaterParts);
    this.#gracePeriod = new GracePeriod({
      address,
      counters: address + countersOffset(terms, 0),
      blocks: terms.slots * terms.cpus,
      barriers,
      sum: machine.install(SCAN_PROGRAM).routine(SCAN_ENTRY),
      updaters,
    });
    const isReached = terms.barriers === 'global membarrier';
    const parts = { region: address, terms, anchor, slots, updaters, isReached };
    this.#membership = new ProcessMembership(process, parts);
  }

  /** Bytes of shared memory for a region. @param processes that can have joined at once */
  static sizeBytes(machine: Machine, processes: number = DEFAULT_PROCESSES): number {
    return regionBytes({ cpus: blocksOf(machine), slots: processes });
  }

  /**
   * Maps a region, which is all zero or was a domain before, into a process. Its threads can use the
   * domain once one of them has joined.
   *
   * @throws UrcuError `ERR_REGION` for memory that is too small, or a region of another version, shape
   *   or kind of barriers; `ERR_BARRIERS` for barriers that do not reach other processes
   */
  static attach(
    machine: Machine,
    process: Process,
    memory: SharedMemory,
    options: SharedRcuDomainOptions = {},
  ): SharedRcuDomain {
    const { barriers = 'fence', processes = DEFAULT_PROCESSES, checkNs } = options;
    if (!Number.isInteger(processes) || processes < 1 || processes > MAX_PROCESSES)
      throw new UrcuError(
        'ERR_REGION',
        `expected room for 1 to ${MAX_PROCESSES} processes, got ${String(processes)}`,
      );
    barrierPlanOf(barriers);
    const terms = { cpus: blocksOf(machine), slots: processes, barriers };
    const bytes = regionBytes(terms);
    if (memory.sizeBytes < bytes)
      throw new UrcuError(
        'ERR_REGION',
        `expected at least ${bytes} bytes of shared memory, got ${memory.sizeBytes}`,
      );
    const address = process.mapShared(memory);
    checkHeader((offset) => process.read32(address + offset), terms);
    return new SharedRcuDomain(machine, process, address, terms, checkNs);
  }

  /**
   * Has the calling thread's process counted from now on.
   *
   * @throws UrcuError `ERR_REGION` as {@link attach} does; `ERR_CAPACITY` when as many processes as fit
   *   are there and alive; `ERR_REGISTRATION` when the process has joined; `ERR_MEMBARRIER` without one
   */
  join(t: Thread): Operation<void> {
    return this.#membership.join(t);
  }

  /**
   * Takes {@link join} back.
   *
   * @throws UrcuError `ERR_READER` while a section is open; `ERR_REGISTRATION` without a join
   */
  leave(t: Thread): Operation<void> {
    return this.#membership.leave(t);
  }

  /** Enters a read section. Nests. @throws UrcuError `ERR_REGISTRATION` before `join` */
  *readLock(t: Thread): Operation<RcuToken> {
    if (!t.exec(this.#lock, this.address, this.#anchor.address)) yield;
    const { result } = t;
    if (result === NO_COUNTERS) notJoined(t, 'read');
    const token = result as RcuToken;
    this.sections.enter(t, token);
    return token;
  }

  /**
   * Leaves the read section of a token, from any CPU.
   *
   * @throws UrcuError `ERR_TOKEN` when the thread is in no section with that token; `ERR_REGISTRATION` when the
   *   process has left
   */
  *readUnlock(t: Thread, token: RcuToken): Operation<void> {
    this.sections.leave(t, token);
    if (!t.exec(this.#unlock, this.address, token, this.#anchor.address)) yield;
    const { result } = t;
    if (result === NO_COUNTERS) notJoined(t, 'leave a read section');
    if (result === 0) return;
    const futex = this.address + RegionOffset.futex;
    yield* t.store(futex, 0);
    yield* futexWake(t, futex, 1, FutexScope.Shared);
  }

  /**
   * Waits for a grace period of all processes; see `RcuDomain.synchronize`. Readers that die meanwhile
   * are not waited for.
   *
   * @throws UrcuError `ERR_REGISTRATION` before `join`
   */
  *synchronize(t: Thread): Operation<void> {
    yield* this.#membership.expectJoined(t, 'wait for a grace period');
    yield* this.#gracePeriod.wait(t, { attempts: ATTEMPTS });
  }

  /** As {@link synchronize}, but scans many times before it sleeps. */
  *synchronizeExpedited(t: Thread): Operation<void> {
    yield* this.#membership.expectJoined(t, 'wait for a grace period');
    yield* this.#gracePeriod.wait(t, { attempts: EXPEDITED_ATTEMPTS });
  }

  /**
   * Looks for dead processes right now, which grace periods do when they have slept for a while.
   *
   * @returns whether there were any
   * @throws UrcuError `ERR_REGISTRATION` before `join`
   */
  recover(t: Thread): Operation<boolean> {
    return this.#membership.recover(t);
  }

  /**
   * See {@link ForkHandlers.beforeFork}: the child has a place before the parent can leave a section.
   *
   * @throws UrcuError `ERR_CAPACITY` when as many processes as fit are there
   */
  beforeFork(t: Thread, sections: readonly RcuToken[] = []): Operation<void> {
    return this.#membership.beforeFork(t, sections);
  }

  /** See {@link ForkHandlers.afterForkParent}. */
  afterForkParent(t: Thread, child: number): Operation<void> {
    return this.#membership.afterForkParent(t, child);
  }

  /**
   * See {@link ForkHandlers.afterForkChild}: the child has joined.
   *
   * @throws UrcuError `ERR_ORPHAN` when the parent died and survivors, who could not know of the child,
   *   gave up its sections
   */
  afterForkChild(t: Thread, sections: readonly RcuToken[] = []): Operation<void> {
    this.sections.inherit(t, sections);
    return this.#membership.afterForkChild(t, sections);
  }

  /** Who is in the region, what it reads, what the updater does, and who died; as it is right now. */
  report(): DomainReport {
    return DomainReport.of((offset) => this.#process.read32(this.address + offset), this.#terms);
  }
}
