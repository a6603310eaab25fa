import type {
  InstalledProgram,
  KernelModule,
  Machine,
  Operation,
  Process,
  Program,
  Thread,
} from '@rseqlab/sim-machine';

/**
 * The RCU behind a test: what stands behind `rcu_read_lock()` and its like.
 *
 * Every method is called by the thread itself. Readers may not wait; a grace period waits for the
 * readers that were there when it began, by blocking and not by polling, and orders as a full fence.
 */
export interface RcuPort {
  /**
   * Whether what readers touch is touched by no other reader, and grace periods only read it: a search
   * then tries less. Sections that any thread may end, and domains, are apart from others in any case.
   */
  readonly readersAreApart?: boolean;
  /**
   * What every thread does before the test begins, such as to register: one thread after the other, and
   * in one way only.
   */
  begin?(t: Thread): Operation<void>;
  /** `rcu_read_lock()`; nests. */
  readLock(t: Thread): Operation<void>;
  /** `rcu_read_unlock()`. */
  readUnlock(t: Thread): Operation<void>;
  /** `synchronize_rcu()`. */
  synchronize(t: Thread): Operation<void>;
  /** `synchronize_rcu_expedited()`. */
  synchronizeExpedited(t: Thread): Operation<void>;
  /** `srcu_read_lock()`: begins a section of a domain and returns its index. */
  srcuReadLock(t: Thread, domain: number): Operation<number>;
  /** `srcu_read_unlock()`: ends the caller's section with this index. */
  srcuReadUnlock(t: Thread, domain: number, index: number): Operation<void>;
  /** `srcu_down_read()`: begins a section that any thread may end. */
  srcuDownRead(t: Thread, domain: number): Operation<number>;
  /** `srcu_up_read()`: ends a section that {@link RcuPort.srcuDownRead} began. */
  srcuUpRead(t: Thread, domain: number, index: number): Operation<void>;
  /** `synchronize_srcu()`: waits for the readers of one domain. */
  synchronizeSrcu(t: Thread, domain: number): Operation<void>;
  /** `synchronize_srcu_expedited()`. */
  synchronizeSrcuExpedited(t: Thread, domain: number): Operation<void>;
  /** Called when the thread's function has ended, for what it left behind. */
  ended(t: Thread): void;
}

/** What an RCU may use, and whom it tells what it sees. Made for one execution. */
export interface RcuEnvironment {
  /** The machine that the test runs on, with a CPU for every thread. */
  readonly machine: Machine;
  /** The process whose threads they are. */
  readonly process: Process;
  /** How many threads there are; their ids are 0, 1, ... */
  readonly threads: number;
  /** The addresses of the test's SRCU domains. */
  readonly domains: readonly number[];
  /** Whether a thread ever begins a section, of a domain or, without one, of RCU. */
  reads(thread: number, domain?: number): boolean;
  /** Whether any thread begins a section of a domain that another one may end. */
  handsOver(domain?: number): boolean;
  /** Puts machine code where threads can call it. */
  install(program: Program): InstalledProgram;
  /** Memory that holds zeros. */
  allocate(sizeBytes: number): number;
  /** A thread may begin to wait for readers; asked for who they are only if it waits for ever. */
  waits(t: Thread, readers: () => readonly number[]): void;
  /** The thread waits no more. */
  goesOn(t: Thread): void;
  /** A thread does what is not allowed, such as to end a section that it did not begin. */
  misuse(t: Thread, flag: MisuseFlag): void;
}

/** Makes the RCU for one execution of a test. */
export type RcuFactory = (environment: RcuEnvironment) => RcuPort;

/** An RCU that asks for more of its kernel than every machine has. */
export interface RcuBackend {
  readonly create: RcuFactory;
  /** What the machine's kernel has besides. */
  readonly kernel?: readonly KernelModule[];
  /**
   * Whether all that matters of it lies in simulated memory and in what each thread does by itself: then states are
   * searched under `sc`, of which there may be millions, and executions where they cannot say enough.
   */
  readonly isSimulated?: boolean;
}

/**
 * What a test does that is not allowed, by the names that herd's flags have.
 *
 * | flag                   | what was done                                                       |
 * |------------------------|---------------------------------------------------------------------|
 * | `unmatched-rcu-lock`   | a function ended inside of an RCU section                            |
 * | `unmatched-rcu-unlock` | `rcu_read_unlock()` outside of a section                             |
 * | `unmatched-srcu-lock`  | a function ended inside of a section that only it may end            |
 * | `srcu-bad-nesting`     | a section was ended that was not begun, or with another one's index  |
 * | `invalid-sleep`        | a wait for the readers of a domain inside of an RCU section           |
 * | `unmatched-unlock`     | `spin_unlock()` of a lock that the thread does not hold              |
 * | `wrong-pointer`        | an access through a pointer that is no location's address            |
 *
 * @source tools/memory-model/linux-kernel.bell, lock.cat
 */
export type MisuseFlag =
  | 'unmatched-rcu-lock'
  | 'unmatched-rcu-unlock'
  | 'unmatched-srcu-lock'
  | 'srcu-bad-nesting'
  | 'invalid-sleep'
  | 'unmatched-unlock'
  | 'wrong-pointer';
