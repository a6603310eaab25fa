import { MembarrierCommand, membarrier } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { CodeExit } from '../lkmm/function-code.js';
import type { KernelCall } from '../lkmm/kernel-call.js';
import { cycleOf } from './wait-cycle.js';
import type { LkmmDeadlock, LkmmMisuse, LkmmWait, ThreadStatement } from './lkmm-finding.js';
import type { MisuseFlag, RcuEnvironment, RcuFactory, RcuPort } from './rcu-port.js';
import { SpinLocks } from './spin-locks.js';

/** What a kernel has to know of the test that it stands behind. */
export type KernelFacts = Pick<RcuEnvironment, 'threads' | 'domains' | 'reads' | 'handsOver'>;

/** What a kernel has to work with. */
export interface KernelParts {
  readonly machine: Machine;
  readonly process: Process;
  readonly facts: KernelFacts;
  readonly createRcu: RcuFactory;
}

type Handler = (t: Thread, first: number, second: number) => Operation<unknown>;

/** Calls that begin to hold what others may wait for, with what it is. */
const ACQUIRING: ReadonlySet<KernelCall> = new Set<KernelCall>([
  'rcu_read_lock',
  'srcu_read_lock',
  'srcu_down_read',
  'spin_lock',
  'spin_trylock',
]);

/** Carries out the kernel calls of one execution, and knows who waits for whom. */
export class LkmmKernel {
  /** What was done that is not allowed. */
  readonly misuses: LkmmMisuse[] = [];
  readonly #rcu: RcuPort;
  readonly #handlers: Readonly<Record<KernelCall, Handler>>;
  /** By thread: the statement it is at. */
  readonly #places: CodeExit[] = [];
  /** By what is held: by thread, the last statement by which it began to hold it. */
  readonly #held = new Map<number, Map<number, CodeExit>>();
  /** By thread that may wait: for whom. */
  readonly #waits = new Map<number, () => readonly number[]>();
  /** By thread: the lock or domain that its call is about; 0 for RCU. */
  readonly #subjects: number[] = [];
  readonly #ended = new Set<number>();

  constructor({ machine, process, facts, createRcu }: KernelParts) {
    const environment: RcuEnvironment = {
      ...facts,
      machine,
      process,
      install: (program) => machine.install(program),
      allocate: (sizeBytes) => zeroed(process, sizeBytes),
      waits: (t, holders) => void this.#waits.set(t.id, holders),
      goesOn: (t) => void this.#waits.delete(t.id),
      misuse: (t, flag) => {
        this.misuse(t, flag);
      },
    };
    this.#rcu = createRcu(environment);
    this.#handlers = handlers(this.#rcu, new SpinLocks(environment));
  }

  /** See {@link RcuPort.readersAreApart}. */
  get readersAreApart(): boolean {
    return this.#rcu.readersAreApart === true;
  }

  /** What threads do before the test begins; undefined where that is nothing. */
  get begin(): ((t: Thread) => Operation<void>) | undefined {
    return this.#rcu.begin?.bind(this.#rcu);
  }

  /** Carries out a call; 0 where it gives no value. */
  *call(t: Thread, exit: CodeExit, first: number, second: number): Operation<number> {
    const action = exit.action as KernelCall;
    this.#places[t.id] = exit;
    this.#subjects[t.id] = first;
    const result = yield* this.#handlers[action](t, first, second);
    if (ACQUIRING.has(action)) this.#holdersOf(first).set(t.id, exit);
    return typeof result === 'number' ? result : 0;
  }

  /** A thread's function has come to its end, or to a pointer that leads nowhere. */
  leave(t: Thread, exit: CodeExit): void {
    this.#places[t.id] = exit;
    if (exit.action === 'wrong-pointer') this.misuse(t, 'wrong-pointer');
    this.#ended.add(t.id);
    this.#rcu.ended(t);
  }

  /** Notes that a thread does what is not allowed. */
  misuse(t: Thread, flag: MisuseFlag): void {
    this.misuses.push({ flag, ...placeOf(t.id, this.#places[t.id]!) });
  }

  /** Who waits for whom, after an execution that cannot go on. */
  deadlock(): LkmmDeadlock {
    const waits = new Map(
      [...this.#waits]
        .sort(([left], [right]) => left - right)
        .map(([thread, holders]) => [thread, holders()] as const),
    );
    return {
      waits: [...waits].map(([thread, holders]): LkmmWait => ({
        ...placeOf(thread, this.#places[thread]!),
        waitsFor: holders.map((holder) => ({
          ...placeOf(
            holder,
            this.#holdersOf(this.#subjects[thread]!).get(holder) ?? this.#places[holder]!,
          ),
          hasEnded: this.#ended.has(holder),
        })),
      })),
      cycle: cycleOf(waits).map((thread) => `P${thread}`),
    };
  }

  #holdersOf(subject: number): Map<number, CodeExit> {
    let holders = this.#held.get(subject);
    if (holders === undefined) {
      holders = new Map();
      this.#held.set(subject, holders);
    }
    return holders;
  }
}

function handlers(rcu: RcuPort, locks: SpinLocks): Readonly<Record<KernelCall, Handler>> {
  return {
    rcu_read_lock: (t) => rcu.readLock(t),
    rcu_read_unlock: (t) => rcu.readUnlock(t),
    synchronize_rcu: (t) => rcu.synchronize(t),
    synchronize_rcu_expedited: (t) => rcu.synchronizeExpedited(t),
    srcu_read_lock: (t, domain) => rcu.srcuReadLock(t, domain),
    srcu_read_unlock: (t, domain, index) => rcu.srcuReadUnlock(t, domain, index),
    srcu_down_read: (t, domain) => rcu.srcuDownRead(t, domain),
    srcu_up_read: (t, domain, index) => rcu.srcuUpRead(t, domain, index),
    synchronize_srcu: (t, domain) => rcu.synchronizeSrcu(t, domain),
    synchronize_srcu_expedited: (t, domain) => rcu.synchronizeSrcuExpedited(t, domain),
    spin_lock: (t, lock) => locks.lock(t, lock),
    spin_unlock: (t, lock) => locks.unlock(t, lock),
    spin_trylock: (t, lock) => locks.tryLock(t, lock),
    smp_memb: (t) => membarrier(t, MembarrierCommand.Global),
  };
}

/** The words are written, so that no access faults. */
function zeroed(process: Process, sizeBytes: number): number {
  const address = process.allocate(sizeBytes);
  for (let offset = 0; offset < sizeBytes; offset += 4) process.write32(address + offset, 0);
  return address;
}

function placeOf(thread: number, { text, position }: CodeExit): ThreadStatement {
  return { thread: `P${thread}`, statement: text, position };
}
