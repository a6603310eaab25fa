import { MembarrierCommand, REGISTER_STRIDE, SyscallNumber } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';
import { AccessMode } from './access-mode.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import type { LocationIds } from './location-ids.js';

const WORD = 15;
const CHANGES = AccessMode.Read | AccessMode.Write;

/** The key of the location that stands for what processes have registered with membarrier. */
const REGISTERED_KEY = 0x6d656d62;

/** System calls that do nothing which another CPU could notice or prevent. */
export const LOCAL_SYSCALLS: ReadonlySet<number> = new Set([
  SyscallNumber.exit,
  SyscallNumber.gettid,
  SyscallNumber.getpid,
  SyscallNumber.getcpu,
  SyscallNumber.set_tid_address,
  SyscallNumber.sched_yield,
  SyscallNumber.rseq,
]);

/** Commands that only make other CPUs fence. */
const FENCES: ReadonlySet<number> = new Set([
  MembarrierCommand.Global,
  MembarrierCommand.GlobalExpedited,
  MembarrierCommand.PrivateExpedited,
  MembarrierCommand.PrivateExpeditedSyncCore,
  MembarrierCommand.GetRegistrations,
]);
const REGISTRATIONS: ReadonlySet<number> = new Set([
  MembarrierCommand.RegisterGlobalExpedited,
  MembarrierCommand.RegisterPrivateExpedited,
  MembarrierCommand.RegisterPrivateExpeditedSyncCore,
  MembarrierCommand.RegisterPrivateExpeditedRseq,
]);

/**
 * What system calls conflict through.
 *
 * | system call                                   | conflicts through           |
 * |-----------------------------------------------|-----------------------------|
 * | those of {@link LOCAL_SYSCALLS}               | the memory that they access |
 * | membarrier, but for rseq; stores not buffered | what is registered          |
 * | all others                                    | everything                  |
 *
 * What is registered is a location of its own, which is read and written as memory is.
 */
export class SyscallFootprint {
  readonly #machine: Machine;
  readonly #log: EventLog;
  readonly #registered: number;
  /** How the call that was begun last accesses what is registered. */
  #mode: number = AccessMode.Read;

  constructor(machine: Machine, log: EventLog, locations: LocationIds) {
    this.#machine = machine;
    this.#log = log;
    this.#registered = locations.idOf(REGISTERED_KEY);
  }

  /** What is special about the call that a thread makes next; {@link EventFlag} bits. */
  begin(thread: number, number: number): number {
    if (LOCAL_SYSCALLS.has(number)) return 0;
    if (number !== SyscallNumber.membarrier || this.#machine.buffersStores)
      return EventFlag.Universal;
    const command = this.#machine.threads.registers[thread * REGISTER_STRIDE + 1]!;
    if (command === MembarrierCommand.Query) return 0;
    const isRegistration = REGISTRATIONS.has(command);
    if (!isRegistration && !FENCES.has(command)) return EventFlag.Universal;
    this.#mode = isRegistration ? CHANGES : AccessMode.Read;
    return EventFlag.Precise;
  }

  /** Enters what the last event of the log, a precise call that is over, did beyond memory. */
  settle(): void {
    this.#log.access(this.#registered, WORD, this.#mode, 0);
  }
}
