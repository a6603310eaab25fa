import { Errno } from '../../base/errno.js';
import type { UserMemoryPort } from '../user-memory-port.js';
import { epochSeconds } from './clock-id.js';
import { NS_PER_SECOND } from './kernel-clock.js';

/**
 * Reads and writes times in user memory.
 *
 * | offset | struct timespec     |
 * |--------|---------------------|
 * | 0      | tv_sec, signed word |
 * | 4      | tv_nsec, word       |
 *
 * @source include/uapi/linux/time.h, with the machine's word for long
 */
export class UserTimespec {
  /** Seconds that were last read. */
  seconds = 0;
  /** Nanoseconds that were last read, 0 to 999,999,999. */
  nanoseconds = 0;
  readonly #user: UserMemoryPort;
  #word = 0;

  constructor(user: UserMemoryPort) {
    this.#user = user;
  }

  /** Reads a time; 0, -EFAULT, or -EINVAL for one before 0 or with too many nanoseconds. */
  read(address: number): number {
    if (!this.#load(address)) return -Errno.EFAULT;
    const seconds = this.#word | 0;
    if (!this.#load(address + 4)) return -Errno.EFAULT;
    const nanoseconds = this.#word >>> 0;
    if (seconds < 0 || nanoseconds >= NS_PER_SECOND) return -Errno.EINVAL;
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
    return 0;
  }

  /** What was read, as a duration. */
  durationNs(): number {
    return this.seconds * NS_PER_SECOND + this.nanoseconds;
  }

  /** What was read, as a time on a clock: nanoseconds since the machine started, maybe negative. */
  sinceStartNs(clock: number): number {
    return (this.seconds - epochSeconds(clock)) * NS_PER_SECOND + this.nanoseconds;
  }

  /** Writes a duration (or a time since the machine started); 0 or -EFAULT. */
  write(address: number, ns: number): number {
    return this.writeTime(address, 0, ns);
  }

  /** Writes the time on a clock that is `ns` after the machine started; 0 or -EFAULT. */
  writeTime(address: number, epoch: number, ns: number): number {
    const seconds = Math.floor(ns / NS_PER_SECOND);
    const stored =
      this.#store(address, epoch + seconds) &&
      this.#store(address + 4, ns - seconds * NS_PER_SECOND);
    return stored ? 0 : -Errno.EFAULT;
  }

  #load(address: number): boolean {
    this.#word = this.#user.get32(address);
    return !this.#user.failed;
  }

  #store(address: number, value: number): boolean {
    this.#user.put32(address, value);
    return !this.#user.failed;
  }
}
