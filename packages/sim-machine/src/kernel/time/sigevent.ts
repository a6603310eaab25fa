import type { UserMemoryPort } from '../user-memory-port.js';

/**
 * How a timer tells that it expired.
 *
 * @source include/uapi/asm-generic/siginfo.h, timer_create(2)
 */
export const SigeventNotify = {
  /** A signal for the process. */
  Signal: 0,
  /** Nothing. */
  None: 1,
  /** As Signal; that a thread is to be started is the C library's business. */
  Thread: 2,
  /** A signal for one thread. */
  ThreadId: 4,
} as const;

const SIGALRM = 14;
const HIGHEST_SIGNAL = 64;

/**
 * What a program wants to happen when its timer expires.
 *
 * | offset | struct sigevent (64 bytes) |
 * |--------|----------------------------|
 * | 0      | sigev_value                |
 * | 4      | sigev_signo                |
 * | 8      | sigev_notify               |
 * | 12     | sigev_notify_thread_id     |
 *
 * @source include/uapi/asm-generic/siginfo.h, with the machine's word for pointers
 */
export class Sigevent {
  /** Handed on with the signal. */
  value = 0;
  /** The signal, 1 to 64. */
  signal = 0;
  /** One of {@link SigeventNotify}. */
  notify = 0;
  /** The thread to notify. */
  tid = 0;
  readonly #user: UserMemoryPort;

  constructor(user: UserMemoryPort) {
    this.#user = user;
  }

  /** Reads the structure; false when the program cannot. */
  read(address: number): boolean {
    const user = this.#user;
    this.value = user.get32(address);
    if (!user.failed) this.signal = user.get32(address + 4);
    if (!user.failed) this.notify = user.get32(address + 8);
    if (!user.failed) this.tid = user.get32(address + 12);
    return !user.failed;
  }

  /** The process is told of timer `id` by SIGALRM: what a program gets that does not say. */
  setDefault(id: number): void {
    this.value = id;
    this.signal = SIGALRM;
    this.notify = SigeventNotify.Signal;
    this.tid = 0;
  }

  /** Whether there is such a way to notify, and such a signal. */
  isValid(): boolean {
    switch (this.notify) {
      case SigeventNotify.None:
        return true;
      case SigeventNotify.Signal:
      case SigeventNotify.Thread:
      case SigeventNotify.ThreadId:
        return this.signal > 0 && this.signal <= HIGHEST_SIGNAL;
      default:
        return false;
    }
  }
}
