import { TagMask } from '../isa/tag-mask.js';
import { PAGE_BYTES, PAGE_OFFSET_MASK } from '../memory/page.js';
import type { UserMemoryPort } from './user-memory-port.js';
import type { QuickAccess } from './user-memory.js';

/**
 * A structure in the memory of the thread that is in the kernel, opened once and accessed word by
 * word, as between user_access_begin and user_access_end.
 *
 * Where executors may reach the page themselves, so does an open structure; otherwise each access
 * goes the way of {@link UserMemoryPort}. Valid until the thread is next in user mode.
 *
 * @source include/linux/uaccess.h (unsafe_get_user, unsafe_put_user)
 */
export class UserStruct {
  /** True when the last access met an address that the thread may not use. */
  failed = false;
  readonly #user: UserMemoryPort;
  readonly #quick: QuickAccess;
  readonly #words: Int32Array;
  readonly #translations: Int32Array;
  readonly #bytes: number;
  #address = 0;
  /** Word of physical memory where it begins; -1 when it cannot be reached directly. */
  #first = -1;

  /** @param bytes size of the structure */
  constructor(user: UserMemoryPort, quick: QuickAccess, bytes: number) {
    this.#user = user;
    this.#quick = quick;
    this.#words = quick.words;
    this.#translations = quick.translations;
    this.#bytes = bytes;
  }

  /** Opens the structure at an address. */
  open(address: number): void {
    const translations = this.#translations;
    const entry = this.#quick.current.region + ((address >>> 10) & 0xfc);
    const isDirect =
      (address & TagMask.Word) === translations[entry + 1]! &&
      (address & PAGE_OFFSET_MASK) + this.#bytes <= PAGE_BYTES;
    this.#address = address;
    this.#first = isDirect ? ((address + translations[entry + 2]!) | 0) >> 2 : -1;
    this.failed = false;
  }

  /** Reads the word at a byte offset; meaningless when it failed. */
  get32(offset: number): number {
    if (this.#first >= 0) return this.#words[this.#first + (offset >> 2)]!;
    return this.#getSlowly(offset);
  }

  /** Writes the word at a byte offset. */
  put32(offset: number, value: number): void {
    if (this.#first >= 0) this.#words[this.#first + (offset >> 2)] = value;
    else this.#putSlowly(offset, value);
  }

  #getSlowly(offset: number): number {
    const value = this.#user.get32((this.#address + offset) | 0);
    this.failed = this.#user.failed;
    return value;
  }

  #putSlowly(offset: number, value: number): void {
    this.#user.put32((this.#address + offset) | 0, value);
    this.failed = this.#user.failed;
  }
}
