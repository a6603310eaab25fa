import type { CpuTable } from '../../cpu/cpu-table.js';
import type { UserMemoryPort } from '../user-memory-port.js';

/** Bytes of the words that CPU masks are made of: the machine's long. */
const WORD_BYTES = 4;

/**
 * CPU masks in user memory: bit n of a sequence of words is CPU n.
 *
 * @source sched_setaffinity(2), get_user_cpu_mask() in kernel/sched/syscalls.c
 */
export class UserCpuMask {
  readonly #cpus: CpuTable;
  readonly #user: UserMemoryPort;

  constructor(cpus: CpuTable, user: UserMemoryPort) {
    this.#cpus = cpus;
    this.#user = user;
  }

  /** Bytes of a whole mask. */
  get byteCount(): number {
    return Math.ceil(this.#cpus.capacity / 32) * WORD_BYTES;
  }

  /** Whether a buffer of so many bytes can take a mask: all CPUs, in whole words. */
  fits(bytes: number): boolean {
    return bytes * 8 >= this.#cpus.capacity && bytes % WORD_BYTES === 0;
  }

  /**
   * Reads a mask, shorter or longer than a whole one; what is not there is empty, what is too much
   * is not looked at.
   *
   * @returns the possible CPUs in it, ascending; undefined when it cannot be read
   */
  read(address: number, bytes: number): readonly number[] | undefined {
    const words: number[] = [];
    const present = Math.min(bytes >>> 0, this.byteCount);
    for (let offset = 0; offset < present; offset += WORD_BYTES) {
      const word = this.#user.get32(address + offset);
      if (this.#user.failed) return undefined;
      const kept = Math.min(present - offset, WORD_BYTES) * 8;
      words.push(kept === 32 ? word : word & ((1 << kept) - 1));
    }
    return this.#cpus.possible.filter((cpu) => ((words[cpu >>> 5] ?? 0) >>> (cpu & 31)) & 1);
  }

  /** Writes a mask into a buffer that fits; the number of bytes written, or -1 when it cannot. */
  write(address: number, bytes: number, cpus: readonly number[]): number {
    const written = Math.min(bytes >>> 0, this.byteCount);
    const words = new Int32Array(written / WORD_BYTES);
    for (const cpu of cpus) words[cpu >>> 5]! |= 1 << (cpu & 31);
    for (let index = 0; index < words.length; index++) {
      this.#user.put32(address + index * WORD_BYTES, words[index]!);
      if (this.#user.failed) return -1;
    }
    return written;
  }
}
