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
}

/**
 * Which words a transition reads before it writes them, and which it writes.
 *
 * Words are named by their virtual address: which frame a page is in makes no difference to a program.
 */
export class AccessCapture implements ShadowObserver {
  /** How many words were accessed; those behind are of transitions before. */
  count = 0;
  readonly #accesses: Access[] = [];
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Starts to capture another transition. */
  begin(): void {
    this.count = 0;
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
    _thread: number,
    address: number,
  ): void {
    const writes = kind === AccessKind.Store || kind === AccessKind.Update;
    const isWhole = kind === AccessKind.Store && (address & 3) === 0 && (size & 3) === 0;
    const last = (address + size - 1) & ~3;
    for (let word = address & ~3, at = physical & ~3; word <= last; word += 4, at += 4) {
      const access = this.#accessTo(word, at);
      if (access === undefined) {
        const added = this.#add(word, at, !isWhole, writes);
        if (kind === AccessKind.Update && size === 4) added.found = value;
        else if (!writes) added.found = this.#machine.wordAt(at);
      } else if (writes) access.isWritten = true;
    }
  }

  onKernelAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
    thread: number,
    address: number,
  ): void {
    this.onAccess(kind, physical, size, value, cpu, thread, address);
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
      access = { address, physical, isRead, isWritten, found: undefined };
      this.#accesses.push(access);
    } else {
      access.address = address;
      access.physical = physical;
      access.isRead = isRead;
      access.isWritten = isWritten;
      access.found = undefined;
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
