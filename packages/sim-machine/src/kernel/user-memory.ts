import { TagMask } from '../isa/tag-mask.js';
import type { AddressSpace } from '../memory/address-space.js';
import type { UserAccess } from '../memory/user-access.js';
import type { UserMemoryPort } from './user-memory-port.js';

/** What the quick way to user memory needs; see {@link UserMemory}. */
export interface QuickAccess {
  /** Physical memory. */
  readonly words: Int32Array;
  /** The translation cache, which holds only pages that may be accessed without further ado. */
  readonly translations: Int32Array;
  /** Who is in the kernel. */
  readonly current: { readonly region: number };
}

/**
 * Memory of the thread that is in the kernel, for modules and system calls.
 *
 * Takes the same short cut as the executors where the translation cache has the page.
 */
export class UserMemory implements UserMemoryPort {
  failed = false;
  readonly #access: UserAccess;
  readonly #space: () => AddressSpace;
  readonly #quick: QuickAccess;
  readonly #words: Int32Array;
  readonly #translations: Int32Array;

  /** @param space the address space of the thread that is in the kernel */
  constructor(access: UserAccess, space: () => AddressSpace, quick: QuickAccess) {
    this.#access = access;
    this.#space = space;
    this.#quick = quick;
    this.#words = quick.words;
    this.#translations = quick.translations;
  }

  get32(address: number): number {
    const translations = this.#translations;
    const entry = this.#quick.current.region + ((address >>> 10) & 0xfc);
    if ((address & TagMask.Word) === translations[entry]!) {
      this.failed = false;
      return this.#words[((address + translations[entry + 2]!) | 0) >> 2]!;
    }
    this.failed = !this.#access.getUser32(this.#space(), address);
    return this.failed ? 0 : this.#access.value | 0;
  }

  put32(address: number, value: number): void {
    const translations = this.#translations;
    const entry = this.#quick.current.region + ((address >>> 10) & 0xfc);
    if ((address & TagMask.Word) === translations[entry + 1]!) {
      this.failed = false;
      this.#words[((address + translations[entry + 2]!) | 0) >> 2] = value;
      return;
    }
    this.failed = !this.#access.putUser32(this.#space(), address, value);
  }
}
