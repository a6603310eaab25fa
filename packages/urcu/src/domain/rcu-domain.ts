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
import type { RcuFlavour } from '../rcu-flavour.js';
import { UrcuError } from '../urcu-error.js';
import { barrierPlanOf } from './barrier-plan.js';
import type { BarrierKind, BarrierPlan } from './barrier-plan.js';
import { DOMAIN_MAGIC, DOMAIN_VERSION, DomainOffset, domainBytes } from './domain-layout.js';
import { GracePeriod } from './grace-period.js';
import { cpuOf } from './rcu-token.js';
import type { RcuToken } from './rcu-token.js';
import { ReadSideEntry, readSideProgram } from './read-side-program.js';
import { SCAN_ENTRY, SCAN_PROGRAM } from './scan-program.js';

/** What a domain is made with. */
export interface RcuDomainOptions {
  /** Default `membarrier`; `fence` for a domain in shared memory. */
  readonly barriers?: BarrierKind;
}

/** Scans before an expedited grace period sleeps. @source liburcu, RCU_QS_ACTIVE_ATTEMPTS */
const EXPEDITED_ATTEMPTS = 100;

/** A grace period that is not expedited sleeps after its first scan. */
const ATTEMPTS = 1;

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
 * | `synchronize`            | any thread outside of its own read sections | for readers |
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
export class RcuDomain implements RcuFlavour {
  readonly name = 'per-CPU';
  /** Address in the process it was made for. */
  readonly address: number;
  readonly #process: Process;
  readonly #blocks: number;
  readonly #scope: FutexScope;
  readonly #lock: Routine;
  readonly #unlock: Routine;
  readonly #gracePeriod: GracePeriod;

  /** Made by {@link create} and {@link attach}; variants of the algorithm by tests. @internal */
  constructor(
    machine: Machine,
    process: Process,
    address: number,
    barriers: BarrierPlan,
    scope: FutexScope = FutexScope.Private,
  ) {
    initializeAreas(process);
    this.address = address;
    this.#process = process;
    this.#scope = scope;
    this.#blocks = blocksOf(machine);
    const readSide = machine.install(readSideProgram(barriers));
    this.#lock = readSide.routine(ReadSideEntry.lock);
    this.#unlock = readSide.routine(ReadSideEntry.unlock);
    this.#gracePeriod = new GracePeriod({
      address,
      blocks: this.#blocks,
      barriers,
      sum: machine.install(SCAN_PROGRAM).routine(SCAN_ENTRY),
      scope,
    });
  }

  /**
   * Makes a domain for the threads of one process; before they start.
   *
   * @throws UrcuError `ERR_BARRIERS` for barriers that there are not
   */
  static create(machine: Machine, process: Process, options: RcuDomainOptions = {}): RcuDomain {
    const barriers = barrierPlanOf(options.barriers ?? 'membarrier');
    const address = process.allocate(domainBytes(blocksOf(machine)));
    initialize(machine, process, address);
    return new RcuDomain(machine, process, address, barriers);
  }

  /** Bytes of shared memory that a domain needs. */
  static sizeBytes(machine: Machine): number {
    return domainBytes(blocksOf(machine));
  }

  /**
   * Attaches a process to the domain in shared memory that is all zero or was a domain before; the
   * threads of all processes that are attached read and wait together.
   *
   * @throws UrcuError `ERR_REGION` for memory that is too small, or a domain of another version or for
   *   another number of CPUs; `ERR_BARRIERS` for barriers that do not reach other processes
   */
  static attach(
    machine: Machine,
    process: Process,
    memory: SharedMemory,
    options: RcuDomainOptions = {},
  ): RcuDomain {
    const { barriers = 'fence' } = options;
    const plan = barrierPlanOf(barriers);
    if (barriers === 'membarrier')
      throw new UrcuError(
        'ERR_BARRIERS',
        'expected barriers that reach every process (fence, global membarrier), got membarrier',
      );
    const bytes = RcuDomain.sizeBytes(machine);
    if (memory.sizeBytes < bytes)
      throw new UrcuError(
        'ERR_REGION',
        `expected at least ${bytes} bytes of shared memory, got ${memory.sizeBytes}`,
      );
    const address = process.mapShared(memory);
    if (isBlank(process, address)) initialize(machine, process, address);
    else expectDomain(machine, process, address);
    return new RcuDomain(machine, process, address, plan, FutexScope.Shared);
  }

  /** Nothing: readers of this flavour need not be known. */
  *registerThread(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing. */
  *unregisterThread(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *quiescentState(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOffline(_t: Thread): Operation<void> {
    // As said.
  }

  /** Nothing: only qsbr asks for it. */
  *threadOnline(_t: Thread): Operation<void> {
    // As said.
  }

  /** Enters a read section; what the thread dereferences until the unlock is not freed. Nests. */
  *readLock(t: Thread): Operation<RcuToken> {
    if (!t.exec(this.#lock, this.address)) yield;
    return t.result as RcuToken;
  }

  /**
   * Leaves the read section of a token, from any CPU.
   *
   * @throws UrcuError `ERR_TOKEN` for what can be no token of this domain
   */
  *readUnlock(t: Thread, token: RcuToken): Operation<void> {
    if (!Number.isInteger(token) || token < 0 || cpuOf(token) >= this.#blocks)
      throw new UrcuError(
        'ERR_TOKEN',
        `expected the token of a read lock (a CPU below ${this.#blocks}), got ${String(token)}`,
      );
    if (!t.exec(this.#unlock, this.address, token)) yield;
    if (t.result !== 0) yield* this.#wakeGracePeriod(t);
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
    const at = this.address + DomainOffset.firstBlock + (block << 6) + (period << 4);
    const [lock, rseqLock, unlock, rseqUnlock] = [0, 4, 8, 12].map((offset) =>
      this.#process.read32(at + offset),
    ) as [number, number, number, number];
    return lock + rseqLock - unlock - rseqUnlock;
  }

  *#wakeGracePeriod(t: Thread): Operation<void> {
    const futex = this.address + DomainOffset.futex;
    yield* t.store(futex, 0);
    yield* futexWake(t, futex, 1, this.#scope);
  }
}

/** One block for every id up to the highest that is possible: CPUs may come online later. */
function blocksOf(machine: Machine): number {
  return machine.cpus.possible.at(-1)! + 1;
}

function isBlank(process: Process, address: number): boolean {
  return process.read32(address + DomainOffset.magic) === 0;
}

function initialize(machine: Machine, process: Process, address: number): void {
  process.write32(address + DomainOffset.magic, DOMAIN_MAGIC);
  process.write32(address + DomainOffset.version, DOMAIN_VERSION);
  process.write32(address + DomainOffset.blocks, blocksOf(machine));
}

function expectDomain(machine: Machine, process: Process, address: number): void {
  const magic = process.read32(address + DomainOffset.magic) >>> 0;
  const version = process.read32(address + DomainOffset.version);
  const blocks = process.read32(address + DomainOffset.blocks);
  const expected = blocksOf(machine);
  if (magic !== DOMAIN_MAGIC || version !== DOMAIN_VERSION || blocks !== expected)
    throw new UrcuError(
      'ERR_REGION',
      `expected a domain of version ${DOMAIN_VERSION} for ${expected} CPUs, got magic ` +
        `0x${magic.toString(16)}, version ${version}, ${blocks} CPUs`,
    );
}
