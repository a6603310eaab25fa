import { AccessKind } from './access-kind.js';
import type { AccessCost, ShadowObserver } from './access-observer.js';
import type { AddressSpace } from './address-space.js';
import { type FaultHandler, reportFault } from './fault-handler.js';
import { FaultAccess, FaultOutcome, LAST_RESOLVED_OUTCOME } from './fault-outcome.js';
import type { MemoryModel } from './memory-model.js';
import { MemoryOrder } from './memory-port.js';
import { PAGE_BYTES, PAGE_OFFSET_MASK } from './page.js';
import { FRAME_ADDRESS_MASK, READABLE_ENTRY, WRITABLE_ENTRY } from './page-entry.js';
import { SplitAccess } from './split-access.js';

/** On whose behalf the kernel acts. */
export interface CurrentThread {
  /** The thread that runs, or is being returned to. */
  readonly thread: number;
  /** The CPU it is on. */
  readonly currentCpu: number;
  /** A page was found accessible; executors may be let to it as well. @param entry page table entry */
  reached(space: AddressSpace, address: number, entry: number): void;
}

/** What user accesses are made of. */
export interface UserAccessParts {
  readonly model: MemoryModel;
  readonly faults: FaultHandler;
  readonly current: CurrentThread;
}

/**
 * The kernel's accesses to user memory: get_user and put_user.
 *
 * They are ordinary accesses of the current CPU: they see its buffered stores, their own stores are
 * buffered, and they fault pages in. They fail, without any effect, where the user could not access
 * either. A page in the swap store is read in on the spot, since the simulated kernel cannot sleep
 * here; `swappedIn` tells.
 *
 * They are not steps: event listeners do not see them, cost models where asked; shadow state does,
 * as accesses that do not race.
 *
 * @source include/linux/uaccess.h, arch/x86/lib/getuser.S, putuser.S
 */
export class UserAccess {
  /** The lower word that the last successful `get` found, zero-extended. */
  value = 0;
  /** The upper word that the last successful `get` of 8 bytes found. */
  high = 0;
  /** Why the last access failed, or None. */
  outcome: FaultOutcome = FaultOutcome.None;
  /** Page faults met so far, resolved or not. */
  faults = 0;
  /** Whether the last access had to read a page from the swap store. */
  swappedIn = false;
  /** Shadow state that watches, set by whoever attaches it to the bus. */
  shadow: ShadowObserver | undefined;
  /** Prices accesses while it is set: those of work that the kernel does at length. */
  cost: AccessCost | undefined;
  readonly #model: MemoryModel;
  readonly #faults: FaultHandler;
  readonly #current: CurrentThread;
  readonly #split: SplitAccess;

  constructor(parts: UserAccessParts) {
    this.#model = parts.model;
    this.#faults = parts.faults;
    this.#current = parts.current;
    this.#split = new SplitAccess(parts.model);
  }

  /** Reads a 32-bit word into `value`; false when the user could not have. */
  getUser32(space: AddressSpace, address: number): boolean {
    return this.get(space, address, 4);
  }

  /** Writes a 32-bit word; false when the user could not have. */
  putUser32(space: AddressSpace, address: number, value: number): boolean {
    return this.put(space, address, 4, value, 0);
  }

  /**
   * Reads 1, 2, 4 or 8 bytes into `value` and `high`.
   *
   * @param address int32 or uint32, aligned or not
   * @returns false when the user could not have
   */
  get(space: AddressSpace, address: number, size: number): boolean {
    const physical = this.#reach(space, address | 0, size, FaultAccess.Read);
    if (physical < 0) return false;
    const cpu = this.#current.currentCpu;
    if (this.#crosses(physical, size)) {
      this.value = this.#split.load(cpu, size, MemoryOrder.Newest);
      this.high = this.#split.high;
    } else {
      this.value = this.#model.load(cpu, physical, size, MemoryOrder.Newest);
      this.high = size === 8 ? this.#model.high : 0;
    }
    this.#tell(AccessKind.Load, physical, size, this.value, address);
    return true;
  }

  /**
   * Writes the low 1, 2, 4 or 8 bytes of a value.
   *
   * @param address int32 or uint32, aligned or not
   * @param high the upper word of 8 bytes
   * @returns false when the user could not have
   */
  put(space: AddressSpace, address: number, size: number, low: number, high: number): boolean {
    const physical = this.#reach(space, address | 0, size, FaultAccess.Write);
    if (physical < 0) return false;
    const cpu = this.#current.currentCpu;
    const { thread } = this.#current;
    if (this.#crosses(physical, size))
      this.#split.store(cpu, thread, size, low, high, MemoryOrder.Plain);
    else this.#model.store(cpu, thread, physical, size, low, high, MemoryOrder.Plain);
    this.#tell(AccessKind.Store, physical, size, low, address);
    return true;
  }

  /** Makes the page of an address accessible without accessing it; false when the user could not. */
  touch(space: AddressSpace, address: number, access: FaultAccess): boolean {
    this.swappedIn = false;
    return this.#page(space, address | 0, access) >= 0;
  }

  /** Physical address of the first byte, with all bytes accessible; negative when they are not. */
  #reach(space: AddressSpace, address: number, size: number, access: FaultAccess): number {
    this.swappedIn = false;
    const physical = this.#page(space, address, access);
    if (physical < 0 || !this.#crosses(physical, size)) return physical;
    const upper = ((address & FRAME_ADDRESS_MASK) + PAGE_BYTES) | 0;
    this.#split.lower = physical;
    this.#split.upper = this.#page(space, upper, access);
    return this.#split.upper < 0 ? this.#split.upper : physical;
  }

  #page(space: AddressSpace, address: number, access: FaultAccess): number {
    const needed = access === FaultAccess.Write ? WRITABLE_ENTRY : READABLE_ENTRY;
    let entry = space.pages.entry(address);
    this.outcome = FaultOutcome.None;
    if ((entry & needed) !== needed) {
      this.faults += 1;
      let outcome = space.resolve(address, access);
      if (outcome === FaultOutcome.Major && space.swapIn(address)) {
        this.swappedIn = true;
        outcome = space.resolve(address, access);
      }
      if (outcome > LAST_RESOLVED_OUTCOME) {
        this.outcome = outcome;
        return -1;
      }
      reportFault(this.#faults, address, outcome);
      entry = space.pages.entry(address);
    }
    this.#current.reached(space, address, entry);
    return (entry & FRAME_ADDRESS_MASK) | (address & PAGE_OFFSET_MASK);
  }

  #crosses(physical: number, size: number): boolean {
    return (physical & PAGE_OFFSET_MASK) + size > PAGE_BYTES;
  }

  #tell(kind: AccessKind, physical: number, size: number, value: number, address: number): void {
    const { shadow, cost } = this;
    if (shadow === undefined && cost === undefined) return;
    const cpu = this.#current.currentCpu;
    const { thread } = this.#current;
    const first = this.#crosses(physical, size) ? this.#split.lowerBytes : size;
    cost?.chargeAccess(kind, physical, first, cpu);
    shadow?.onKernelAccess(kind, physical, first, value, cpu, thread, address | 0);
    if (first === size) return;
    const upper = this.#split.upper;
    cost?.chargeAccess(kind, upper, size - first, cpu);
    shadow?.onKernelAccess(kind, upper, size - first, value, cpu, thread, (address + first) | 0);
  }
}
