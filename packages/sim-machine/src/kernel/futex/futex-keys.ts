import { Errno } from '../../base/errno.js';
import type { AddressSpace } from '../../memory/address-space.js';
import { isUserRange } from '../../memory/user-layout.js';
import type { UserMemoryPort } from '../user-memory-port.js';

/** Owners that are memory objects start here; address spaces are below, from 1 on. */
const FIRST_OBJECT_OWNER = 0x10000;

/**
 * What a futex is known by: two words, the same for two addresses exactly if they are one futex.
 *
 * | futex                                   | owner                  | offset         |
 * |-----------------------------------------|------------------------|----------------|
 * | private, or in memory of one process    | address space + 1      | the address    |
 * | in an object that processes share       | object + 65536         | byte of object |
 *
 * A private futex is not the shared one at the same address of an object, as on Linux.
 *
 * @source get_futex_key() in kernel/futex/core.c
 */
export class FutexKeys {
  /** First word of the key that was last found; never 0. */
  owner = 0;
  /** Second word of that key. */
  offset = 0;
  readonly #user: UserMemoryPort;

  constructor(user: UserMemoryPort) {
    this.#user = user;
  }

  /**
   * Finds the key of an address of the running thread.
   *
   * @param shared whether other processes may use the futex
   * @returns 0; -EINVAL for an unaligned address; -EFAULT for one that is not the user's or, shared,
   *   that cannot be read
   */
  find(space: AddressSpace, address: number, shared: boolean): number {
    if ((address & 3) !== 0) return -Errno.EINVAL;
    if (!isUserRange(address, 4)) return -Errno.EFAULT;
    this.owner = space.id + 1;
    this.offset = address;
    if (!shared) return 0;
    this.#user.get32(address);
    if (this.#user.failed) return -Errno.EFAULT;
    const area = space.areas.find(address);
    if (area?.object === undefined || !area.shared) return 0;
    this.owner = area.object.id + FIRST_OBJECT_OWNER;
    this.offset = (area.offset + address - area.start) | 0;
    return 0;
  }
}
