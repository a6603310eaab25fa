import type { StateArena } from '../base/state-arena.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import type { MachineEvents } from '../observe/machine-events.js';
import type { KernelHooks } from './hooks.js';
import type { StoppedRequest } from './process/stopped-request.js';
import type { KernelWorkPort } from './kernel-work.js';
import type { SyscallHandler } from './syscalls/syscall-table.js';
import type { ThreadTable } from './thread-table.js';
import type { UserMemoryPort } from './user-memory-port.js';
import type { UserStruct } from './user-struct.js';

/** A timer for each CPU; under a free director one that is armed may expire at any time. */
export interface CpuTimerPort {
  /** Arms the timer of a CPU, anew if it is armed. */
  arm(cpu: number, delayNs: number): void;
  /** Disarms the timer of a CPU. */
  cancel(cpu: number): void;
}

/** What the kernel gives to a module. */
export interface KernelPort {
  /** Where the module keeps its state; see {@link StateArena}. */
  readonly arena: StateArena;
  /** All threads. */
  readonly threads: ThreadTable;
  /** All CPUs. */
  readonly cpus: CpuTable;
  /** Processes that can exist at once: what {@link ThreadTable.process} is below. */
  readonly maxProcesses: number;
  /** Memory of the thread whose hook or system call runs. */
  readonly user: UserMemoryPort;
  /** Makes an accessor for structures of `bytes` bytes in that memory. */
  userStruct(bytes: number): UserStruct;
  /** How many page faults the kernel's accesses to user memory have met in all. */
  pageFaults(): number;
  /** Work on the same memory that takes longer, and may have to be done on another CPU. */
  readonly work: KernelWorkPort;
  /**
   * Whether a range (of at least 1 byte) lies in the text segment, whose words stay as they are
   * while {@link textVersion} does.
   */
  isText(address: number, bytes: number): boolean;
  /** See {@link isText}. */
  textVersion(): number;
  /** Where the module announces what it does. */
  readonly events: MachineEvents;
  /** Installs a system call. */
  registerSyscall(number: number, handler: SyscallHandler): void;
  /** Installs a request of ptrace, for threads that are stopped for the caller. */
  registerPtraceRequest(request: number, handler: StoppedRequest): void;
  /**
   * Gives the module the CPUs' timers, of which there is one set.
   *
   * @param expired called in the interrupt of a CPU's timer
   * @throws MachineError `ERR_CONFIG` when another module has them
   */
  cpuTimers(expired: (cpu: number) => void): CpuTimerPort;
  /** Asks for a change of threads on a CPU before it is next in user mode. */
  requestReschedule(cpu: number): void;
  /** Asks for {@link KernelHooks.returnToUser} before the thread is next in user mode. */
  notifyResume(thread: number): void;
  /** Sends a signal that the thread cannot block or ignore, as force_sig does. */
  forceSignal(thread: number, signal: number): void;
  /** Carries out a system call for a thread that has not run yet, as its C library would. */
  syscallFor(thread: number, number: number, ...args: readonly number[]): number;
}

/** An optional part of the kernel: rseq, getcpu_cache, cpu_opv. */
export interface KernelModule {
  /** Name for configurations and reports. */
  readonly name: string;
  /** Called once when a machine is built. */
  attach(kernel: KernelPort): KernelHooks;
}
