import type { AddressSpace } from '../memory/address-space.js';
import type { AddressSpaces } from '../memory/address-spaces.js';
import { PageEntry, entryFrame } from '../memory/page-entry.js';
import { ZERO_FRAME } from '../memory/physical-memory.js';
import { HEAP_BASE } from '../memory/user-layout.js';
import type { ThreadTable } from './thread-table.js';
import { ThreadState } from './thread-state.js';

/** What taking pages away needs. */
export interface PageOutPorts {
  readonly threads: ThreadTable;
  readonly spaces: AddressSpaces;
  /** The address space of a thread. */
  spaceOf(thread: number): AddressSpace;
  /** Address that the thread's next operation accesses, or -1 for none. */
  addressOf(thread: number): number;
}

/**
 * Takes away the page that a thread accesses next, as memory pressure may at any moment: the access
 * becomes a major fault, and the thread sleeps until the page is back.
 */
export class PageOut {
  readonly #ports: PageOutPorts;

  constructor(ports: PageOutPorts) {
    this.#ports = ports;
  }

  /** Whether the thread is about to access a page that is in memory and can be swapped out. */
  possible(thread: number): boolean {
    const { threads } = this.#ports;
    if (threads.state[thread] !== ThreadState.Runnable) return false;
    const address = this.#ports.addressOf(thread);
    if (address === -1) return false;
    const space = this.#ports.spaceOf(thread);
    const entry = space.pages.entry(address);
    const isPresent = (entry & PageEntry.Present) !== 0 && entryFrame(entry) !== ZERO_FRAME;
    return isPresent && address >>> 0 >= HEAP_BASE;
  }

  /** Takes the page away; false when there is none to take. */
  carryOut(thread: number): boolean {
    if (!this.possible(thread)) return false;
    return this.#ports.spaces.swapOut(this.#ports.spaceOf(thread), this.#ports.addressOf(thread));
  }
}
