import { Errno } from '../../base/errno.js';
import type { StateArena } from '../../base/state-arena.js';
import { RegisterFile } from '../../cpu/register-file.js';
import { REGISTER_STRIDE } from '../../isa/register-file.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import type { ThreadTable } from '../thread-table.js';

/** `ss_flags` of an alternate stack. @source include/uapi/linux/signal.h */
const SignalStackFlag = {
  /** The thread runs on it. */
  SS_ONSTACK: 1,
  /** There is none. */
  SS_DISABLE: 2,
} as const;

/** Smallest alternate stack that is accepted. @source MINSIGSTKSZ */
export const MINIMUM_SIGNAL_STACK_BYTES = 2048;

/**
 * Alternate stacks for handlers with SA_ONSTACK.
 *
 * | offset | stack_t  |
 * |--------|----------|
 * | 0      | ss_sp    |
 * | 4      | ss_flags |
 * | 8      | ss_size  |
 *
 * @source sigaltstack(2), do_sigaltstack() in kernel/signal.c
 */
export class SignalStacks {
  readonly #registers: Int32Array;
  readonly #user: UserMemoryPort;
  readonly #base: Int32Array;
  /** 0 where a thread has no alternate stack. */
  readonly #size: Int32Array;

  constructor(arena: StateArena, threads: ThreadTable, user: UserMemoryPort) {
    this.#registers = threads.registers;
    this.#user = user;
    this.#base = arena.column('thread.signalStackBase', threads.capacity, 'semantic');
    this.#size = arena.column('thread.signalStackSize', threads.capacity, 'semantic');
  }

  /** The thread has no alternate stack any more. */
  clear(thread: number): void {
    this.#base[thread] = 0;
    this.#size[thread] = 0;
  }

  /** A forked thread has the alternate stack of its parent. */
  copy(parent: number, child: number): void {
    this.#base[child] = this.#base[parent]!;
    this.#size[child] = this.#size[parent]!;
  }

  /** First address behind the alternate stack that a handler with SA_ONSTACK begins on; 0 for none. */
  topFor(thread: number): number {
    if (this.#size[thread] === 0 || this.#isOn(thread)) return 0;
    return this.#base[thread]! + this.#size[thread]!;
  }

  /** Whether an address is below the alternate stack that the thread runs on: it is full. */
  overflows(thread: number, address: number): boolean {
    return this.#isOn(thread) && address < this.#base[thread]!;
  }

  /**
   * The system call.
   *
   * @returns 0; -EFAULT; -EPERM while the thread runs on its alternate stack; -EINVAL for unknown
   *   flags; -ENOMEM for one that is too small
   */
  sigaltstack(thread: number, address: number, oldAddress: number): number {
    const user = this.#user;
    const oldBase = this.#base[thread]!;
    const oldSize = this.#size[thread]!;
    const oldFlags =
      oldSize === 0
        ? SignalStackFlag.SS_DISABLE
        : this.#isOn(thread)
          ? SignalStackFlag.SS_ONSTACK
          : 0;
    if (address !== 0) {
      const error = this.#set(thread, address);
      if (error < 0) return error;
    }
    if (oldAddress === 0) return 0;
    user.put32(oldAddress, oldBase);
    if (!user.failed) user.put32(oldAddress + 4, oldFlags);
    if (!user.failed) user.put32(oldAddress + 8, oldSize);
    return user.failed ? -Errno.EFAULT : 0;
  }

  #set(thread: number, address: number): number {
    const user = this.#user;
    const base = user.get32(address);
    if (user.failed) return -Errno.EFAULT;
    const flags = user.get32(address + 4);
    if (user.failed) return -Errno.EFAULT;
    const size = user.get32(address + 8);
    if (user.failed) return -Errno.EFAULT;
    if (this.#isOn(thread)) return -Errno.EPERM;
    const isDisabled = flags === SignalStackFlag.SS_DISABLE;
    if (!isDisabled && flags !== SignalStackFlag.SS_ONSTACK && flags !== 0) return -Errno.EINVAL;
    if (!isDisabled && size >>> 0 < MINIMUM_SIGNAL_STACK_BYTES) return -Errno.ENOMEM;
    this.#base[thread] = isDisabled ? 0 : base;
    this.#size[thread] = isDisabled ? 0 : size;
    return 0;
  }

  #isOn(thread: number): boolean {
    const size = this.#size[thread]!;
    if (size === 0) return false;
    const pointer = this.#registers[thread * REGISTER_STRIDE + RegisterFile.StackPointer]!;
    const offset = pointer - this.#base[thread]!;
    return offset > 0 && offset <= size;
  }
}
