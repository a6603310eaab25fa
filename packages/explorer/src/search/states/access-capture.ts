import { AccessKind } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';

/**
 * Which words a transition reads before it writes them, and what it leaves in those that it writes.
 *
 * Words are named by their virtual address: which frame a page is in makes no difference to a program.
 */
export class AccessCapture implements ShadowObserver {
  /** Addresses of words that were read before they were written as a whole. */
  readonly read: Set<number> = new Set<number>();
  /** Words that were written, by address. */
  readonly written: Map<number, number> = new Map<number, number>();
  /** What words held when they were first met, where an access tells. */
  readonly found: Map<number, number> = new Map<number, number>();
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Starts to capture another transition. */
  begin(): void {
    this.read.clear();
    this.written.clear();
    this.found.clear();
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
      if (!this.read.has(word) && !this.written.has(word)) {
        if (!isWhole) this.read.add(word);
        if (kind === AccessKind.Update) this.found.set(word, value);
        else if (!writes) this.found.set(word, this.#machine.wordAt(at));
      }
      if (writes) this.written.set(word, this.#machine.wordAt(at));
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
