import { AccessKind } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';

/** What was done to a word. */
interface Access {
  address: number;
  /** Where it is in memory. */
  physical: number;
  /** Whether it was read before it was written as a whole. */
  isRead: boolean;
  isWritten: boolean;
  /** What it held when it was first met, where that is known. */
  found: number | undefined;
  /** Bits of the threads that accessed it in user mode, and of those for which the kernel did. */
  users: number;
  kernel: number;
  /** Bits of those for which it did so early. */
  early: number;
}

/**
 * Which words a transition reads before it writes them, and which it writes.
 *
 * Words are named by their virtual address: which frame a page is in makes no difference to a program.
 */
export class AccessCapture implements ShadowObserver {
  /** How many words were accessed; those behind are of transitions before. */
  count = 0;
  /** Whether something is done early; see `StatePhases.settleEarly`. */
  isEarly = false;
  #isOn = false;
  readonly #accesses: Access[] = [];
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Starts to capture another transition. */
  begin(): void {
    this.count = 0;
    this.#isOn = true;
  }

  /** The transition is over: what the machine does from now on is not captured. */
  end(): void {
    this.#isOn = false;
  }

  /** The address of the word that was accessed as the `index`th. */
  address(index: number): number {
    return this.#accesses[index]!.address;
  }

  /** Whether that word was read before it was written as a whole. */
  isRead(index: number): boolean {
    return this.#accesses[index]!.isRead;
  }

  /** Whether it was written. */
  isWritten(index: number): boolean {
    return this.#accesses[index]!.isWritten;
  }

  /** Bits of the threads that accessed it in user mode. */
  users(index: number): number {
    return this.#accesses[index]!.users;
  }

  /** Bits of the threads for which the kernel accessed it. */
  kernel(index: number): number {
    return this.#accesses[index]!.kernel;
  }

  /** Bits of the threads for which it did so early. */
  early(index: number): number {
    return this.#accesses[index]!.early;
  }

  /** The addresses of all words that were accessed. */
  addresses(): number[] {
    return this.#accesses.slice(0, this.count).map(({ address }) => address);
  }

  /** What it holds now. */
  value(index: number): number {
    return this.#machine.wordAt(this.#accesses[index]!.physical);
  }

  /** What a word held before the transition, where an access tells. */
  baseOf(address: number): number | undefined {
    for (let i = 0; i < this.count; i++)
      if (this.#accesses[i]!.address === address) return this.#accesses[i]!.found;
    return undefined;
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    _cpu: number,
    thread: number,
    address: number,
  ): void {
    this.#note(kind, physical, size, value, address, 1 << thread, 0);
  }

  #note(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    address: number,
    users: number,
    kernel: number,
  ): void {
    if (!this.#isOn) return;
    const early = this.isEarly ? kernel : 0;
    const writes = kind === AccessKind.Store || kind === AccessKind.Update;
    const isWhole = kind === AccessKind.Store && (address & 3) === 0 && (size & 3) === 0;
    const last = (address + size - 1) & ~3;
    for (let word = address & ~3, at = physical & ~3; word <= last; word += 4, at += 4) {
      let access = this.#accessTo(word, at);
      if (access === undefined) {
        access = this.#add(word, at, !isWhole, writes);
        if (kind === AccessKind.Update && size === 4) access.found = value;
        else if (!writes) access.found = this.#machine.wordAt(at);
      } else if (writes) access.isWritten = true;
      access.users |= users;
      access.kernel |= kernel;
      access.early |= early;
    }
  }

  onKernelAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    _cpu: number,
    thread: number,
    address: number,
  ): void {
    this.#note(kind, physical, size, value, address, 0, 1 << thread);
  }

  #accessTo(address: number, physical: number): Access | undefined {
    for (let i = 0; i < this.count; i++) {
      const access = this.#accesses[i]!;
      if (access.address !== address) continue;
      access.physical = physical;
      return access;
    }
    return undefined;
  }

  #add(address: number, physical: number, isRead: boolean, isWritten: boolean): Access {
    let access = this.#accesses[this.count];
    if (access === undefined) {
      const [users, kernel, early] = [0, 0, 0];
      access = { address, physical, isRead, isWritten, found: undefined, users, kernel, early };
      this.#accesses.push(access);
    } else {
      access.address = address;
      access.physical = physical;
      access.isRead = isRead;
      access.isWritten = isWritten;
      access.found = undefined;
      access.users = 0;
      access.kernel = 0;
      access.early = 0;
    }
    this.count += 1;
    return access;
  }

  /** What was captured stays when the machine goes elsewhere. */
  reset(): void {
    // See above.
  }

  onFence(): void {
    // Orders what is in order already.
  }

  storeVisible(): void {
    // Stores are visible at once.
  }

  frameCopied(): void {
    // Words are named by address.
  }

  frameFreed(): void {
    // As above.
  }
}
