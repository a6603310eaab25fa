import { Errno } from '../../base/errno.js';
import { MachineError } from '../../base/machine-error.js';

/**
 * Carries out one system call for the running thread and returns what lands in r0: a result or a
 * negative errno; or {@link SLEEPING}.
 */
export type SyscallHandler = (
  thread: number,
  a1: number,
  a2: number,
  a3: number,
  a4: number,
  a5: number,
  a6: number,
) => number;

/** The thread sleeps, exited, or had its registers replaced: r0 is not to be written now. */
export const SLEEPING = -0x40000000;

const TABLE_SIZE = 512;

/** System calls by number; kernel parts and modules register theirs. */
export class SyscallTable {
  readonly #handlers: SyscallHandler[];
  readonly #missing: SyscallHandler = () => -Errno.ENOSYS;

  constructor() {
    this.#handlers = new Array<SyscallHandler>(TABLE_SIZE).fill(this.#missing);
  }

  /** Whether the machine has the system call. */
  isRegistered(number: number): boolean {
    return this.handler(number) !== this.#missing;
  }

  /**
   * Registers a handler.
   *
   * @throws MachineError `ERR_CONFIG` when the number is out of range
   */
  register(number: number, handler: SyscallHandler): void {
    if (number < 0 || number >= TABLE_SIZE)
      throw new MachineError(
        'ERR_CONFIG',
        `expected a system call number from 0 to ${TABLE_SIZE - 1}, got ${number}`,
      );
    this.#handlers[number] = handler;
  }

  /** The handler of a number; one that returns -ENOSYS where nothing is registered. */
  handler(number: number): SyscallHandler {
    return this.#handlers[number] ?? this.#handlers[TABLE_SIZE - 1]!;
  }
}
