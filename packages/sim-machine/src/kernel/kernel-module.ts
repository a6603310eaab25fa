import type { StateArena } from '../base/state-arena.js';
import type { CpuTable } from '../cpu/cpu-table.js';
import type { MachineEvents } from '../observe/machine-events.js';
import type { KernelHooks } from './hooks.js';
import type { KernelWorkPort } from './kernel-work.js';
import type { SyscallHandler } from './syscalls/syscall-table.js';
import type { ThreadTable } from './thread-table.js';

/** Memory of the thread that is in the kernel, as get_user and put_user see it. */
export interface UserMemoryPort {
  /** True when the last call met an address that the thread may not use. */
  readonly failed: boolean;
  /** Reads a 32-bit word; meaningless when it failed. */
  get32(address: number): number;
  /** Writes a 32-bit word. */
  put32(address: number, value: number): void;
}

/** What the kernel gives to a module. */
export interface KernelPort {
  /** Where the module keeps its state; see {@link StateArena}. */
  readonly arena: StateArena;
  /** All threads. */
  readonly threads: ThreadTable;
  /** All CPUs. */
  readonly cpus: CpuTable;
  /** Memory of the thread whose hook or system call runs. */
  readonly user: UserMemoryPort;
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
